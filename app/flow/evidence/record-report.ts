import type { Comparison, DataReport, PredictionsRecord, RunRecord } from "#core/evidence.ts";
import type { Tree } from "#core/identity/tree.ts";
import { reportRecordSchema, type Failure, type ReportRecord } from "#core/plan/plan-record.ts";
import type { Ports, WorkflowRun } from "#core/ports.ts";
import { evidencePath, readRecord, writeRecord } from "./evidence-reader.ts";

/** What whoever asked for a report is ready to believe of it. */
export type Wanted = {
  pull: number | undefined;
  head: string;
  /** recipes that the merged tree makes */
  recipes: ReadonlySet<string>;
  evaluations: ReadonlySet<string>;
  /** artifacts and baselines known before this report */
  subjects: ReadonlySet<string>;
  /** trees that tell whether the run's workflow file is one of the default branch */
  baseTree: Tree | undefined;
  mergedTree: Tree;
};

/** Names of what the jobs leave behind: one artifact, one file. */
export const reportArtifact = { artifact: "trainyard-report", file: "report.json" } as const;

/**
 * Reads what a finished run claims, keeps what was asked for, and writes it to the evidence. Answers undefined where the
 * run left no readable report about this head. Doing it again writes nothing.
 */
export async function recordReport(
  ports: Pick<Ports, "workflows" | "evidence">,
  run: WorkflowRun,
  wanted: Wanted,
): Promise<{ failures: readonly Failure[]; records: number } | undefined> {
  const bytes = await ports.workflows.record(run.id, reportArtifact.artifact, reportArtifact.file);
  const claim = bytes === undefined ? undefined : readRecord(new TextDecoder().decode(bytes), reportRecordSchema);
  if (claim === undefined || claim.head !== wanted.head || (claim.pull ?? undefined) !== wanted.pull) return undefined;
  const files = believe(claim, run, wanted);
  if (files.size > 0)
    await ports.evidence.write(files, `Record what run ${run.id} found for ${wanted.head.slice(0, 12)}`);
  return { failures: claim.failures, records: files.size };
}

function believe(claim: ReportRecord, run: WorkflowRun, wanted: Wanted): Map<string, string> {
  const files = new Map<string, string>();
  const put = (path: string, record: RunRecord | PredictionsRecord | Comparison | DataReport): void => {
    files.set(path, writeRecord(record));
  };
  const subjects = new Set(wanted.subjects);
  for (const claimed of claim.runs) {
    if (!wanted.recipes.has(claimed.recipe) || !inRun(claimed.bytes, run)) continue;
    const record = believeRun(claimed, run, wanted);
    subjects.add(record.artifact.sha256);
    put(evidencePath.run(record), record);
  }
  for (const record of claim.predictions) {
    if (!wanted.evaluations.has(record.evaluation) || !subjects.has(record.subject) || !inRun(record.bytes, run))
      continue;
    put(evidencePath.predictions(record), record);
  }
  for (const record of claim.comparisons) {
    const sides = [record.candidate, record.production, record.baseline].filter((side) => side !== null);
    if (!wanted.evaluations.has(record.evaluation) || !sides.every((side) => subjects.has(side))) continue;
    put(evidencePath.comparison(record), record);
  }
  for (const record of claim.data) {
    const recipe =
      [...wanted.recipes].length === 1
        ? [...wanted.recipes][0]
        : claim.runs.find(({ model }) => model === record.model)?.recipe;
    if (recipe !== undefined) put(evidencePath.data(record.model, recipe), record);
  }
  return files;
}

/** Where it ran is the service's to say, not the job's. */
function believeRun(claimed: RunRecord, run: WorkflowRun, wanted: Wanted): RunRecord {
  const path = run.path.split("@", 1)[0] ?? "";
  const ran = wanted.mergedTree.get(path)?.blob ?? null;
  const carried = wanted.baseTree?.get(path)?.blob;
  // Started by hand or by a push, the default branch's own workflow ran.
  const own = run.event !== "pull_request" || (ran !== null && ran === carried);
  return {
    ...claimed,
    counts: own,
    source: {
      kind: "workflow",
      run: run.id,
      attempt: run.attempt,
      event: run.event,
      head: run.head,
      pull: wanted.pull ?? null,
      fork: run.fork,
      workflow: { path, blob: ran },
    },
  };
}

function inRun(locator: RunRecord["bytes"], run: WorkflowRun): boolean {
  return locator.kind === "workflow-artifact" && locator.run === run.id;
}
