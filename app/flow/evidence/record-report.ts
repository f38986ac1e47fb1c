import type { Comparison, DataReport, PredictionsRecord, RunRecord } from "#core/evidence.ts";
import { comparisonSchema, predictionsRecordSchema, runRecordSchema } from "#core/evidence.ts";
import { isDigestOf } from "#core/identity/artifact.ts";
import { subjectOfRun } from "#core/identity/subject.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import { reportRecordSchema, type Failure, type ReportRecord } from "#core/plan/plan-record.ts";
import { ServiceError, type Ports, type WorkflowRun } from "#core/ports.ts";
import { describeSource, isOfTree, type RunPlace } from "./describe-source.ts";
import { evidencePath, readRecord, writeRecord } from "./evidence-reader.ts";
import { findLost } from "./find-lost.ts";

/** What whoever asked for a report is ready to believe of it. */
export type Wanted = RunPlace & {
  /** the recipe that the merged tree makes of each model */
  recipes: ReadonlyMap<string, string>;
  /** the digest of what is expected of each model's data */
  expectations: ReadonlyMap<string, string>;
  /** what a training of each recipe sees */
  inputs: ReadonlyMap<string, readonly TreeEntry[]>;
  evaluations: ReadonlySet<string>;
  /** artifacts and baselines known before this report */
  subjects: ReadonlySet<string>;
};

/** Names of what the jobs leave behind: one artifact, one file. */
export const reportArtifact = { artifact: "trainyard-report", file: "report.json" } as const;

type Needed = Pick<Ports, "workflows" | "evidence" | "repository" | "bytes">;

/**
 * Reads what a finished run claims, keeps what was asked for, and writes it to the evidence. Answers undefined where the
 * run left no report about this head. Doing it again writes nothing. `compared`: the candidates that it says it judged.
 */
export async function recordReport(
  ports: Needed,
  run: WorkflowRun,
  wanted: Wanted,
): Promise<{ failures: readonly Failure[]; compared: readonly string[] } | undefined> {
  // What a run says of another commit than its own is worth nothing: its workflow was another commit's too.
  if (isOfTree(run) && run.head !== wanted.head) return undefined;
  const claim = await readClaim(ports, run);
  if (claim === "unreadable") return { failures: sayUnreadable(run, wanted), compared: [] };
  if (claim === undefined) {
    const failures = await findLost(ports, run, wanted);
    return failures.length === 0 ? undefined : { failures, compared: [] };
  }
  if (claim.head !== wanted.head || (claim.pull ?? undefined) !== wanted.pull) return undefined;
  const files = await believe(ports, claim, run, wanted);
  if (files.size > 0)
    await ports.evidence.write(files, `Record what run ${run.id} found for ${wanted.head.slice(0, 12)}`);
  return { failures: claim.failures, compared: claim.comparisons.map(({ candidate }) => candidate) };
}

async function readClaim(ports: Needed, run: WorkflowRun): Promise<ReportRecord | "unreadable" | undefined> {
  try {
    const bytes = await ports.workflows.record(run.id, reportArtifact.artifact, reportArtifact.file);
    if (bytes === undefined) return undefined;
    return readRecord(new TextDecoder().decode(bytes), reportRecordSchema) ?? "unreadable";
  } catch (error) {
    if (error instanceof ServiceError && (error.code === "refused" || error.code === "broken")) return "unreadable";
    throw error;
  }
}

function sayUnreadable(run: WorkflowRun, { recipes }: Wanted): readonly Failure[] {
  const message = `The report of run ${run.id} cannot be read: say /train to try again`;
  return [...recipes.keys()].map((model) => ({ model, task: "report", phase: "evaluate", message, log: "" }));
}

async function believe(
  ports: Needed,
  claim: ReportRecord,
  run: WorkflowRun,
  wanted: Wanted,
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const put = (path: string, record: RunRecord | PredictionsRecord | Comparison | DataReport): void => {
    files.set(path, writeRecord(record));
  };
  const source = await describeSource(ports, run, wanted);
  const trained = new Set<string>();
  for (const claimed of claim.runs) {
    const inputs = wanted.inputs.get(claimed.recipe);
    const { sha256, files: parts } = claimed.artifact;
    if (inputs === undefined || !inRun(claimed.bytes, run) || !isDigestOf(sha256, parts)) continue;
    const key = `${run.id}-${run.attempt}${trained.size === 0 ? "" : `-${trained.size + 1}`}`;
    const record: RunRecord = { ...claimed, at: laterOf(claimed.at, run), inputs: [...inputs], key, ...source };
    trained.add(subjectOfRun(record));
    // oxlint-disable-next-line no-await-in-loop -- nothing is asked for where a run has not been started again
    if (!(await isOfEarlierAttempt(ports, record, run))) put(evidencePath.run(record), record);
  }
  // Under a workflow of its own making a pull request could say anything about anybody's model: its run is shown, and
  // nothing else of it is kept.
  if (!source.counts && source.early !== true) return files;
  // A fork speaks of what it trained, of nobody else's model.
  const mayBeAbout = new Set(run.fork ? trained : [...wanted.subjects, ...trained]);
  const known = new Set([...wanted.subjects, ...trained]);
  // What a fork says of a model, others may come to be asked about as well: the same files make the same bytes.
  const fork = run.fork || wanted.ofFork === true ? (wanted.pull ?? 0) : undefined;
  for (const claimed of claim.predictions) {
    const record: PredictionsRecord = { ...claimed, fork };
    if (!wanted.evaluations.has(record.evaluation) || !mayBeAbout.has(record.subject) || !inRun(record.bytes, run))
      continue;
    // oxlint-disable-next-line no-await-in-loop -- a handful, of which those that are new cost nothing
    if (!(await isKept(ports, record))) put(evidencePath.predictions(record), record);
  }
  for (const claimed of claim.comparisons) {
    const record: Comparison = { ...claimed, fork };
    const sides = [record.candidate, record.production, record.baseline].filter((side) => side !== null);
    if (!wanted.evaluations.has(record.evaluation) || !sides.every((side) => known.has(side))) continue;
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (mayBeAbout.has(record.candidate) && !(await isMade(ports, record)))
      put(evidencePath.comparison(record), record);
  }
  for (const claimed of claim.data) {
    const record: DataReport = { ...claimed, fork };
    const recipe = wanted.recipes.get(record.model);
    const expectations = wanted.expectations.get(record.model);
    if (recipe !== undefined && expectations !== undefined)
      put(evidencePath.data(record.model, recipe, expectations, fork), record);
  }
  return files;
}

/** Nothing was trained before its run was there, whatever a job's clock says. */
function laterOf(claimed: string, { createdAt }: WorkflowRun): string {
  const begun = createdAt?.toISOString() ?? claimed;
  return Date.parse(claimed) < Date.parse(begun) ? begun : claimed;
}

/** What an earlier attempt of a run left is still there in the next one, which trained nothing by it. */
async function isOfEarlierAttempt(ports: Needed, record: RunRecord, run: WorkflowRun): Promise<boolean> {
  const suffix = record.key.slice(`${run.id}-${run.attempt}`.length);
  for (let attempt = 1; attempt < run.attempt; attempt++) {
    const key = `${run.id}-${attempt}${suffix}`;
    // oxlint-disable-next-line no-await-in-loop -- one or two, and only names where there is none
    const known = readRecord(await ports.evidence.read(evidencePath.run({ ...record, key })), runRecordSchema);
    if (known?.at === record.at && known.artifact.sha256 === record.artifact.sha256) return true;
  }
  return false;
}

/** Answers are given once: nobody replaces those that can still be had, as they may be another's model's. */
async function isKept(ports: Needed, record: PredictionsRecord): Promise<boolean> {
  const kept = readRecord(await ports.evidence.read(evidencePath.predictions(record)), predictionsRecordSchema);
  return kept !== undefined && (await ports.bytes.available(kept.bytes));
}

/** The same comparison is not made anew, whatever the later one says. */
async function isMade(ports: Needed, record: Comparison): Promise<boolean> {
  const made = readRecord(await ports.evidence.read(evidencePath.comparison(record)), comparisonSchema);
  const about = ({ candidate, production, baseline, dropped }: Comparison): string =>
    JSON.stringify([candidate, production, baseline, dropped]);
  return made !== undefined && made.error === null && about(made) === about(record);
}

function inRun(locator: RunRecord["bytes"], run: WorkflowRun): boolean {
  return locator.kind === "workflow-artifact" && locator.run === run.id;
}
