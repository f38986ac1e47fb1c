import type { Comparison } from "#core/evidence.ts";
import { subjectOfRun } from "#core/identity/subject.ts";
import type { RunLine } from "#core/message/terminal/render-runs.ts";
import { parseModelName } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import { readTagName } from "#core/registry/tag-name.ts";
import { evidencePath, EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { findNewName } from "#flow/observe/rename/find-new-name.ts";
import { readRegistry, type ModelRegistry } from "#flow/observe/read-registry.ts";

/** A run with its version, the stages where that stands, and every comparison that it was the candidate of. */
export type RecordedRun = RunLine & {
  /** is it the very run that was registered, and not another one that came to the same bytes? */
  registered: boolean;
  /** every name that its model had since: that of the run, and those that it was given later */
  names: readonly string[];
  comparisons: readonly Comparison[];
};

/** Every recorded run, newest first. */
export async function readRuns(ports: Pick<Ports, "evidence" | "tags">): Promise<readonly RecordedRun[]> {
  const evidence = new EvidenceReader(ports.evidence);
  const [runs, { registered, renames }] = await Promise.all([evidence.allRuns(), readRegistered(ports)]);
  const sorted = runs.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.key < b.key ? -1 : 1));
  const own = await Promise.all(sorted.map(async (run) => await evidence.comparisonsOf(subjectOfRun(run))));
  return sorted.map((run, index): RecordedRun => {
    const { sha256 } = run.artifact;
    const comparisons = own[index] ?? [];
    const names = followNames(run.model, renames);
    const found = registered.filter(
      ({ model, path, recipe, artifact }) =>
        names.includes(model) && (path === evidencePath.run(run) || (recipe === run.recipe && artifact === sha256)),
    );
    // under an old name it stands nowhere
    const of = found.find(({ stages }) => stages !== undefined) ?? found[0];
    const asCandidate = comparisons.findLast(({ production }) => production !== null) ?? comparisons.at(-1);
    const asProduction = own.flat().find(({ production, error }) => production === subjectOfRun(run) && error === null);
    return {
      run,
      names,
      model: names.at(-1) ?? run.model,
      version: of?.version,
      stage: of?.stages,
      registered: of?.path === evidencePath.run(run),
      comparison: asCandidate ?? (asProduction === undefined ? undefined : alone(asProduction)),
      comparisons,
    };
  });
}

/** What one that was only ever compared with, as production, reached itself. */
function alone(comparison: Comparison): Comparison {
  const metrics = comparison.metrics.map((metric) => ({
    ...metric,
    candidate: metric.production ?? metric.candidate,
    production: null,
    versusProduction: null,
    versusBaseline: null,
  }));
  return { ...comparison, candidate: comparison.production ?? "", production: null, flips: null, metrics, slices: [] };
}

type Registered = {
  model: string;
  version: string;
  path: string;
  recipe: string;
  artifact: string;
  stages: string | undefined;
};

/** A name, and what it was called after that. */
function followNames(name: string, renames: ReadonlyMap<string, string>): readonly string[] {
  const names = new Set([name]);
  for (let next = renames.get(name); next !== undefined && !names.has(next); next = renames.get(next)) names.add(next);
  return [...names];
}

type Known = { registered: readonly Registered[]; renames: ReadonlyMap<string, string> };

async function readRegistered(ports: Pick<Ports, "tags">): Promise<Known> {
  const refs = await ports.tags.list("");
  const names = new Set(refs.flatMap(({ name }) => readTagName(name)?.model ?? []));
  const all = await Promise.all(
    [...names].map(async (name) => {
      const registry = await readRegistry(ports.tags, { name: parseModelName(name) });
      const [versions, now] = await Promise.all([readVersions(registry), findNewName(registry)]);
      return { name, versions, now };
    }),
  );
  return {
    registered: all.flatMap(({ versions }) => versions),
    renames: new Map(all.flatMap(({ name, now }) => (now === undefined ? [] : [[name, now] as const]))),
  };
}

async function readVersions(registry: ModelRegistry): Promise<readonly Registered[]> {
  const stages = [...new Set(registry.tags.moves.map(({ stage }) => stage))];
  const standing = await Promise.all(stages.map(async (stage) => (await registry.standing(stage)).standing));
  const versions = await Promise.all(
    registry.tags.versions.map(async ({ version }) => await registry.version(version)),
  );
  return versions.flatMap((entry) => {
    if (entry === undefined) return [];
    const at = standing.filter((stand) => stand?.version === entry.version).map((stand) => stand?.stage ?? "");
    return [
      {
        model: registry.model,
        version: entry.version,
        path: entry.run,
        recipe: entry.recipe,
        artifact: entry.artifact,
        stages: at.length === 0 ? undefined : at.join(", "),
      },
    ];
  });
}
