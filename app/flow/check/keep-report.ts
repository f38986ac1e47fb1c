import { identifyExpectations } from "#core/plan/identify.ts";
import type { PlanRecord, ReportRecord } from "#core/plan/plan-record.ts";
import type { EvidenceStore } from "#core/ports.ts";
import { evidencePath, writeRecord } from "#flow/evidence/evidence-reader.ts";

/** Keeps what this machine itself found out: nobody else claims it, so all of it is believed. */
export async function keepReport(evidence: EvidenceStore, plan: PlanRecord, report: ReportRecord): Promise<void> {
  const files = new Map<string, string>();
  for (const record of report.runs) files.set(evidencePath.run(record), writeRecord(record));
  for (const record of report.predictions) files.set(evidencePath.predictions(record), writeRecord(record));
  for (const record of report.comparisons) files.set(evidencePath.comparison(record), writeRecord(record));
  for (const record of report.data) {
    const recipe = plan.tasks.find(({ model, train }) => model === record.model && train !== null)?.recipe;
    const expect = plan.data.find(({ model }) => model === record.model)?.expect ?? [];
    if (recipe !== undefined && recipe !== null)
      files.set(evidencePath.data(record.model, recipe, identifyExpectations(expect)), writeRecord(record));
  }
  await evidence.write(files, "Keep what this machine found out");
}
