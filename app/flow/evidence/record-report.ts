import type { Comparison, DataReport, PredictionsRecord, RunRecord } from "#core/evidence.ts";
import type { Tree } from "#core/identity/tree.ts";
import { reportRecordSchema, type Failure, type ReportRecord } from "#core/plan/plan-record.ts";
import type { Ports, WorkflowRun } from "#core/ports.ts";
import { evidencePath, readRecord, writeRecord } from "./evidence-reader.ts";

/** What whoever asked for a report is ready to believe of it. */
export type Wanted = {
  pull: number | undefined;
  head: string;
  /** the recipe that the merged tree makes of each model */
  recipes: ReadonlyMap<string, string>;
  evaluations: ReadonlySet<string>;
  /** artifacts and baselines known before this report */
  subjects: ReadonlySet<string>;
  /** a run that no pull request started counts only if it ran on this branch */
  branch: string;
  /** trees that tell whether a pull request's run happened under a workflow file of the default branch */
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
  const source = describeSource(run, wanted);
  const recipes = new Set(wanted.recipes.values());
  const subjects = new Set(wanted.subjects);
  for (const claimed of claim.runs) {
    if (!recipes.has(claimed.recipe) || !inRun(claimed.bytes, run)) continue;
    const record: RunRecord = { ...claimed, key: `${run.id}-${run.attempt}`, ...source };
    subjects.add(record.artifact.sha256);
    put(evidencePath.run(record), record);
  }
  // Under a workflow of its own making a pull request could say anything about anybody's model: its run is shown, and
  // nothing else of it is kept.
  if (!source.counts) return files;
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
    const recipe = wanted.recipes.get(record.model);
    if (recipe !== undefined) put(evidencePath.data(record.model, recipe), record);
  }
  return files;
}

/**
 * Where it ran is the service's to say, not the job's. It counts if the default branch carries the workflow file that
 * ran: for a pull request's run by comparing blobs, for any other because it ran on the default branch.
 */
function describeSource(run: WorkflowRun, wanted: Wanted): Pick<RunRecord, "counts" | "source"> {
  const path = run.path.split("@", 1)[0] ?? "";
  const ran = wanted.mergedTree.get(path)?.blob ?? null;
  const carried = wanted.baseTree?.get(path)?.blob;
  const counts = run.event === "pull_request" ? ran !== null && ran === carried : run.branch === wanted.branch && !run.fork;
  return {
    counts,
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
