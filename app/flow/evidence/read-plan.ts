import { planRecordSchema, type PlanRecord } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { readRecord } from "./evidence-reader.ts";

/** Names of what a run was asked to do: one artifact, one file. */
const planArtifact = { artifact: "trainyard-plan", file: "plan.json" } as const;

/** What a run was asked to train, answer and compare; undefined where that was nothing, or is no longer there. */
export async function readPlan({ workflows }: Pick<Ports, "workflows">, run: number): Promise<PlanRecord | undefined> {
  const bytes = await workflows.record(run, planArtifact.artifact, planArtifact.file);
  return bytes === undefined ? undefined : readRecord(new TextDecoder().decode(bytes), planRecordSchema);
}
