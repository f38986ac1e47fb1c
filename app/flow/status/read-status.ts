import type { ModelStatus } from "#core/message/terminal/render-status.ts";
import { sayWatch } from "#core/message/terminal/say-watch.ts";
import { parseModelName, type ModelName } from "#core/names.ts";
import { identifyModel, type Snapshot } from "#core/plan/identify.ts";
import type { Ports } from "#core/ports.ts";
import type { Decision } from "#core/promotion/decide.ts";
import { readTagName } from "#core/registry/tag-name.ts";
import { observeDefault } from "#flow/observe/observe-default.ts";
import { readRegistry, type ModelRegistry } from "#flow/observe/read-registry.ts";
import { findNewName } from "#flow/observe/rename/find-new-name.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";
import { observeWatch } from "#flow/watch/observe-watch.ts";

type Needed = Pick<Ports, "repository" | "tags" | "evidence">;
type Waiting = ReadonlyMap<string, string | undefined>;

/**
 * What stands where for every model that a tag or the default branch's config names. `service` knows what waits and why;
 * without one (a clone), it is only told that the default branch makes something else.
 */
export async function readStatus(records: Needed, service: Ports | undefined): Promise<readonly ModelStatus[]> {
  const ports = { ...records, now: service?.now ?? (() => new Date()) };
  const { name: branch, head } = await ports.repository.defaultBranch();
  const [read, refs] = await Promise.all([readSnapshot(ports.repository, head, head), ports.tags.list("")]);
  const snapshot = read.kind === "snapshot" ? read.snapshot : undefined;
  const tagged = refs.flatMap(({ name }) => readTagName(name)?.model ?? []).map(parseModelName);
  const names = [...new Set([...(snapshot?.config.models.keys() ?? []), ...tagged])].sort();
  const waiting = service === undefined ? undefined : await readWaiting(service);
  return await Promise.all(names.map(async (name) => await readModel(ports, { name, branch, snapshot, waiting })));
}

async function readModel(
  ports: Needed & Pick<Ports, "now">,
  {
    name,
    branch,
    snapshot,
    waiting,
  }: { name: ModelName; branch: string; snapshot: Snapshot | undefined; waiting: Waiting | undefined },
): Promise<ModelStatus> {
  const model = snapshot?.config.models.get(name);
  const registry = await readRegistry(ports.tags, { name, was: model?.was });
  const named = [...(model?.promote.stages ?? []), ...registry.moved.moves.map(({ stage }) => stage)];
  const stages = await Promise.all(
    [...new Set(named)].map(async (stage) => ({ stage, ...(await registry.standing(stage)) })),
  );
  const newest = registry.versions.at(-1);
  const watched = model === undefined ? undefined : await observeWatch(ports, model);
  const watch = watched === undefined ? undefined : sayWatch(watched);
  const common = { name, stages, newest, watch };
  if (model === undefined || snapshot === undefined) {
    return {
      ...common,
      recipe: undefined,
      waits:
        snapshot === undefined
          ? `${branch} has no config that can be read`
          : await sayUnnamed(registry, branch, snapshot),
    };
  }
  const { recipe } = identifyModel(model, snapshot.tree);
  const { pin } = model.promote;
  if (pin !== undefined) {
    const isHeld = stages.find(({ stage }) => stage === model.promote.stages.at(-1))?.standing?.version === pin;
    const said = isHeld
      ? `held at ${pin}: its config pins it`
      : `its config pins ${pin}, which does not stand there yet`;
    return { ...common, recipe, waits: waiting?.get(name) ?? said };
  }
  if (waiting !== undefined) return { ...common, recipe, waits: waiting.get(name) };
  if (stages.every(({ standing }) => standing?.recipe === recipe)) return { ...common, recipe, waits: undefined };
  const made = `${branch} makes ${newest === undefined ? "a first one" : "another one"} (recipe ${recipe.slice(0, 10)})`;
  return { ...common, recipe, waits: `${made}: --repository tells what it waits for` };
}

/** Why the config does not name a model that there are tags of: it has another name now, or is gone. */
async function sayUnnamed(registry: ModelRegistry, branch: string, { config }: Snapshot): Promise<string> {
  const heir = [...config.models.values()].find(({ was }) => was === registry.model);
  const name = heir?.name ?? (await findNewName(registry));
  return name === undefined ? `the config on ${branch} does not name it` : `it is called "${name}" now`;
}

async function readWaiting(service: Ports): Promise<Waiting> {
  const { models } = await observeDefault(service, { approval: undefined, failures: [], expecting: false });
  return new Map(models.map(({ change, decision }) => [change.name, sayDecision(decision)]));
}

function sayDecision(decision: Decision): string | undefined {
  switch (decision.kind) {
    case "current":
    case "finish":
    case "rename":
      return undefined;
    case "grow":
      return "a new stage starts with what stands before it, at the next run";
    case "promote":
      return `it is reviewed and goes on at the next run: ${decision.why}`;
    case "work":
      return decision.because;
    case "wait":
      return `waits for /promote: ${decision.because}`;
    case "blocked":
      return `is not promoted: ${decision.verdict.because}`;
  }
}
