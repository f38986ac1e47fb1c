import type { Command } from "#core/command/read-command.ts";
import { configPath, type Model } from "#core/config/config.ts";
import { writePin } from "#core/config/yaml/write-pin.ts";
import { renderPinPull } from "#core/message/pull/render-pin-pull.ts";
import { parseVersion, type CommitSha, type Version } from "#core/names.ts";
import type { Ports, PullRequest } from "#core/ports.ts";
import { readRegistry, type ModelRegistry } from "#flow/observe/read-registry.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";
import { refuse, type Outcome, type WrittenComment } from "./outcome.ts";

type PinCommand = Extract<Command, { kind: "rollback" | "hold" }>;

/**
 * Opens the pull request that pins a version: an earlier one (`/rollback`), or the live one (`/hold`). Nothing moves
 * until somebody merges it. One pull request a version and head: said twice, it is the same.
 */
export async function obeyPin(ports: Ports, command: PinCommand, comment: WrittenComment): Promise<Outcome> {
  const { name: branch, head } = await ports.repository.defaultBranch();
  const read = await readSnapshot(ports.repository, head, head);
  if (read.kind !== "snapshot") return refuse(`"${configPath}" on "${branch}" cannot be read: mend it first`);
  const models = [...read.snapshot.config.models.values()];
  const named = models.filter(({ name }) => command.model === undefined || name === command.model);
  const [model] = named;
  if (model === undefined) {
    const there = models.map(({ name }) => name).join(", ");
    return refuse(`there is no model "${command.model ?? ""}" on "${branch}"; there is: ${there || "none"}`);
  }
  if (named.length > 1)
    return refuse(
      `there is more than one model: name one (${named.map(({ name }) => `/${command.kind} ${name}`).join(", ")})`,
    );
  const registry = await readRegistry(ports.tags, model);
  const chosen = await choose(registry, model, command);
  if (chosen.kind === "no") return refuse(chosen.because);
  const { version, live } = chosen;
  const blob = read.snapshot.tree.get(configPath)?.blob;
  const text =
    blob === undefined ? "" : new TextDecoder("utf-8", { ignoreBOM: true }).decode(await ports.repository.blob(blob));
  const edited = writePin(text, model.name, version);
  if (edited === undefined)
    return refuse(
      `"${configPath}" is written in a way that cannot be edited for certain: write "promote: { pin: ${version} }" into "${model.name}" yourself, in a pull request`,
    );
  const pull = await openPinPull(ports, { head, branch, edited, command, model, version, live, by: comment.author });
  return {
    answer: { kind: "pinned", model: model.name, version, pull: pull.number, isLive: version === live },
    effect: { kind: "opened", pull: pull.number },
  };
}

type Chosen = { kind: "version"; version: Version; live: Version } | { kind: "no"; because: string };

async function choose(registry: ModelRegistry, model: Model, command: PinCommand): Promise<Chosen> {
  const no = (because: string): Chosen => ({ kind: "no", because });
  const stage = model.promote.stages.at(-1) ?? "production";
  const { standing, problem } = await registry.standing(stage);
  if (problem !== undefined) return no(problem);
  if (standing === undefined) return no(`nothing of "${model.name}" stands at "${stage}" yet`);
  const live = standing.version;
  const { pin } = model.promote;
  if (command.kind === "hold") {
    if (pin === live) return no(`"${model.name}" is pinned to ${live} already`);
    return { kind: "version", version: live, live };
  }
  const version =
    command.version === undefined ? await findEarlier(registry, stage, live) : parseVersion(command.version);
  if (version === undefined) return no(`${live} is the only version of "${model.name}" that has stood at "${stage}"`);
  if (version === pin) return no(`"${model.name}" is pinned to ${version} already`);
  if (version === live) return no(`${live} is what stands at "${stage}": "/hold" pins it`);
  if ((await registry.version(version)) === undefined) {
    const there = registry.versions.slice(-10).join(", ");
    return no(`there is no version ${version} of "${model.name}"; there are ${there || "none"}`);
  }
  return { kind: "version", version, live };
}

/** What stood there before what stands there now. */
async function findEarlier(registry: ModelRegistry, stage: string, live: Version): Promise<Version | undefined> {
  return (await registry.history(stage)).findLast(({ version }) => version !== live)?.version;
}

type PinPull = {
  head: CommitSha;
  branch: string;
  edited: string;
  command: PinCommand;
  model: Model;
  version: Version;
  live: Version;
  by: string;
};

async function openPinPull(ports: Ports, ask: PinPull): Promise<PullRequest> {
  const { head, branch: base, edited, command, model, version, live, by } = ask;
  // Named after what it stands on: a later head's is another one, and a closed one stays closed.
  const branch = `pin/${model.name}-${version}-${head.slice(0, 7)}`;
  const open = await ports.pulls.fromBranch(branch);
  if (open !== undefined) return open;
  const { title, body } = renderPinPull({ model: model.name, version, live, by, why: command.why });
  if ((await ports.branches.head(branch)) === undefined) {
    const files = new Map([[configPath, new TextEncoder().encode(edited)]]);
    await ports.branches.commit({ branch, parent: head, files, message: `${title}\n\nAsked for by ${by}.` });
  }
  return await ports.pulls.open({ title, body, head: branch, base });
}
