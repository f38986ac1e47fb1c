import type { CommitSha } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import type { Snapshot } from "#core/plan/identify.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import type { Approval } from "#core/promotion/decide.ts";
import type { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { observeModel } from "#flow/observe/observe-model.ts";
import type { ModelRegistry } from "#flow/observe/read-registry.ts";

/** What is read once for all models of one look at the default branch. */
export type DefaultLook = {
  ports: Pick<Ports, "repository" | "pulls" | "tags" | "bytes" | "evidence">;
  head: CommitSha;
  branch: string;
  snapshot: Snapshot;
  evidence: EvidenceReader;
  messages: () => Promise<readonly string[]>;
  approval: Approval | undefined;
  failures: readonly Failure[];
  expecting: boolean;
};

/** What is known of one model as the head has it. */
export async function observeFacts(
  change: Extract<ModelChange, { kind: "candidate" }>,
  registry: ModelRegistry,
  { ports, evidence, snapshot, messages, failures }: DefaultLook,
  problem?: string,
): Promise<ModelFacts> {
  const { tree } = snapshot;
  const from = {
    ports,
    registry,
    evidence,
    judgeTree: tree,
    carried: tree,
    pull: undefined,
    onDefault: true,
    messages,
    failures,
  };
  return await observeModel(change, { ...from, problem });
}
