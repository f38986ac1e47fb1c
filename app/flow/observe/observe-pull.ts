import type { ConfigProblem } from "#core/config/config.ts";
import type { CommitSha } from "#core/names.ts";
import { findChanges, type ModelChange } from "#core/plan/changes.ts";
import type { Snapshot } from "#core/plan/identify.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports, PullRequest } from "#core/ports.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { observeModel } from "./observe-model.ts";
import { readMergedTree } from "./read-merged-tree.ts";
import { readSnapshot, readTreeSnapshot } from "./read-snapshot.ts";

/** What one pull request is, right now, as far as models are concerned. */
export type ObservedPull = {
  pull: PullRequest;
  base: CommitSha;
  outcome:
    | { kind: "models"; merged: Snapshot; objects: readonly CommitSha[]; informational: boolean; models: readonly ObservedModel[] }
    | { kind: "no-config" }
    | { kind: "problems"; problems: readonly ConfigProblem[] }
    | { kind: "stale"; because: string }
    | { kind: "conflict"; because: string }
    | { kind: "elsewhere"; because: string };
};
export type ObservedModel = { change: ModelChange; facts: ModelFacts };

type Needed = Pick<Ports, "repository" | "pulls" | "tags" | "bytes" | "evidence">;

/** Reads a pull request, both configs and the merged tree, and for every model that changes what is known of it. */
export async function observePull(ports: Needed, number: number, failures: readonly Failure[] = []): Promise<ObservedPull> {
  const pull = await ports.pulls.get(number);
  const branch = await ports.repository.defaultBranch();
  const base = branch.head;
  if (pull.base.ref !== branch.name) {
    const because = `it merges into "${pull.base.ref}": only "${branch.name}" moves production`;
    return { pull, base, outcome: { kind: "elsewhere", because } };
  }
  const merged = await readMergedTree(ports.repository, pull, base);
  if (merged.kind !== "merged") return { pull, base, outcome: merged };
  const [before, after] = await Promise.all([
    readSnapshot(ports.repository, base, base),
    readTreeSnapshot(ports.repository, merged.tree),
  ]);
  if (after.kind === "problems") return { pull, base, outcome: after };
  if (after.kind === "no-config" && before.kind !== "snapshot") return { pull, base, outcome: { kind: "no-config" } };
  const snapshot: Snapshot =
    after.kind === "snapshot" ? after.snapshot : { commit: undefined, tree: merged.tree, config: { version: 1, writer: "actions", models: new Map() } };
  const judge = before.kind === "snapshot" ? before.snapshot : undefined;
  let messages: Promise<readonly string[]> | undefined;
  const evidence = lazily(() => new EvidenceReader(ports.evidence));
  const models = await Promise.all(
    findChanges(judge, snapshot).map(async (change): Promise<ObservedModel> => {
      const facts = await observeModel(change, {
        ports,
        get evidence() {
          return evidence();
        },
        judgeTree: judge?.config.models.has(change.name) === true ? judge.tree : snapshot.tree,
        pull: number,
        messages: async () => await (messages ??= ports.pulls.messages(number)),
        failures,
      });
      return { change, facts };
    }),
  );
  return { pull, base, outcome: { kind: "models", merged: snapshot, objects: merged.objects, informational: judge === undefined, models } };
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
