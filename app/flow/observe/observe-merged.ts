import type { ConfigProblem } from "#core/config/config.ts";
import { findModel } from "#core/plan/find-model.ts";
import type { Tree } from "#core/identity/tree.ts";
import type { CommitSha } from "#core/names.ts";
import { claimsName, findChanges, type ModelChange } from "#core/plan/changes.ts";
import type { Snapshot } from "#core/plan/identify.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { observeModel, type Observation } from "./observe-model.ts";
import { readRegistry } from "./read-registry.ts";
import { readSnapshot, readTreeSnapshot } from "./read-snapshot.ts";
import { resolvePin } from "./resolve-pin.ts";

export type ObservedModel = { change: ModelChange; facts: ModelFacts };

/** What a merged tree means, model by model. `judge` is the base branch's snapshot; without one, it is for information. */
export type ObservedMerge =
  | {
      kind: "models";
      judge: Snapshot | undefined;
      merged: Snapshot;
      informational: boolean;
      models: readonly ObservedModel[];
    }
  | { kind: "no-config" }
  | { kind: "problems"; problems: readonly ConfigProblem[] };

type Question = {
  base: CommitSha;
  /** what the default branch would hold */
  merged: Tree;
  pull: number | undefined;
  messages: () => Promise<readonly string[]>;
  failures: readonly Failure[];
  findProduction?: Observation["findProduction"];
};

/** Reads both configs, and for every model that changes what is known of it. */
export async function observeMerged(
  ports: Pick<Ports, "repository" | "tags" | "bytes" | "evidence">,
  question: Question,
): Promise<ObservedMerge> {
  const { base, merged, pull, messages, failures, findProduction } = question;
  const [before, after] = await Promise.all([
    readSnapshot(ports.repository, base, base),
    readTreeSnapshot(ports.repository, merged),
  ]);
  if (after.kind === "problems") return after;
  if (after.kind === "no-config" && before.kind !== "snapshot") return { kind: "no-config" };
  const snapshot: Snapshot =
    after.kind === "snapshot"
      ? after.snapshot
      : { commit: undefined, tree: merged, config: { version: 1, writer: "actions", models: new Map() } };
  const judge = before.kind === "snapshot" ? before.snapshot : undefined;
  const evidence = lazily(() => new EvidenceReader(ports.evidence));
  const models = await Promise.all(
    findChanges(judge, snapshot).map(async (found): Promise<ObservedModel> => {
      const named = "merged" in found ? found.merged.model : undefined;
      const registry = named === undefined ? undefined : await readRegistry(ports.tags, named);
      const { change, problem } =
        registry === undefined
          ? { change: found, problem: undefined }
          : await resolvePin(found, { registry, repository: ports.repository });
      const facts = await observeModel(change, {
        ports,
        get evidence() {
          return evidence();
        },
        judgeTree: judge !== undefined && isKnown(judge, change) ? judge.tree : snapshot.tree,
        carried: before.kind === "snapshot" ? before.snapshot.tree : before.tree,
        pull,
        problem: problem ?? findClaim(judge, found),
        ...(registry === undefined ? {} : { registry }),
        messages,
        failures,
        ...(findProduction === undefined ? {} : { findProduction }),
      });
      return { change, facts };
    }),
  );
  return { kind: "models", judge, merged: snapshot, informational: judge === undefined, models };
}

/** Does the base define this model, under the name that it has or had? */
function isKnown({ config }: Snapshot, change: ModelChange): boolean {
  return findModel(config, "merged" in change ? change.merged.model : change) !== undefined;
}

/** Why a model cannot be what another was: it is there already, and the other one would vanish with nobody asked. */
function findClaim(judge: Snapshot | undefined, change: ModelChange): string | undefined {
  const after = "merged" in change ? change.merged.model : undefined;
  const before = judge?.config.models.get(change.name);
  if (after === undefined || before === undefined || !claimsName(before, after)) return undefined;
  return `"${change.name}" is on the base branch already, so it was never called "${after.was ?? ""}": take "was" out`;
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
