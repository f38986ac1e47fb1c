import type { Check, CheckState, Ports, PullRequest } from "#core/ports.ts";
import { annotateData } from "#core/expect/annotate-data.ts";
import { isReport, renderReport, renderUnaffected } from "#core/message/render-report.ts";
import { renderCheck } from "#core/message/render-check.ts";
import type { ReportInput } from "#core/message/report-input.ts";
import { describePull } from "./describe-pull.ts";
import { evidenceOf } from "./evidence-of.ts";
import { stateOfModels, upsertCheck } from "./upsert-check.ts";
import { upsertComment } from "./upsert-comment.ts";
import type { PullAnswer } from "./reconcile-pull.ts";
import { writeReviews } from "./write-reviews.ts";

type Needed = Pick<
  Ports,
  "repository" | "pulls" | "bytes" | "checks" | "comments" | "evidence" | "now" | "tags" | "workflows"
>;

/** Writes check, comment and reviews where they are not yet as they should be. */
export async function publishPull(
  ports: Needed,
  answer: PullAnswer,
  /** the run in which this happens: it says its verdict by itself */
  own?: number,
): Promise<void> {
  const { pull } = answer.observed;
  const input = await describePull(ports, answer);
  const pending = answer.models.some(({ answer: model }) => model.kind === "pending");
  const silent = isSilent(answer);
  if (!pending) await writeReviewsOf(ports, answer);
  if (!pending || silent) await publishComment(ports, pull, silent ? undefined : renderReport(input));
  // The check is the head's, and the head may be that of a pull request onto the default branch as well.
  if (answer.observed.outcome.kind !== "elsewhere") await publishCheck(ports, answer, input, own);
}

/** Nothing to say: no model is touched. A comment from before is brought up to date, none is made. */
function isSilent(answer: PullAnswer): boolean {
  const { outcome } = answer.observed;
  if (outcome.kind === "no-config" || outcome.kind === "elsewhere") return true;
  return outcome.kind === "models" && answer.models.every(({ change }) => change.kind === "not_affected");
}

async function publishComment(ports: Needed, pull: PullRequest, body: string | undefined): Promise<void> {
  // Nobody has said a word there, and nothing is to be said.
  if (body === undefined && pull.comments === 0) return;
  await upsertComment(ports.comments, pull.number, isReport, body, renderUnaffected);
}

async function publishCheck(
  ports: Needed,
  answer: PullAnswer,
  input: ReportInput,
  own: number | undefined,
): Promise<void> {
  const { sha } = answer.observed.pull.head;
  const annotations = annotateData(input.models.flatMap(({ data }) => data ?? []));
  const check = {
    ...renderCheck(input),
    state: stateOf(answer),
    externalId: externalId(answer),
    ...(annotations.length === 0 ? {} : { annotations }),
  };
  const known = await ports.checks.find(sha);
  if (known !== undefined && isTurned(known.state, check.state)) await sayAgain(ports, sha, own);
  if (known !== undefined && hasWaited(known) && check.state.kind === "completed")
    await sayAgain(ports, sha, own, check.state.conclusion === "success");
  await upsertCheck(ports, sha, check, known);
}

/** Green became something else, or the other way round. */
function isTurned(before: CheckState, after: CheckState): boolean {
  if (before.kind !== "completed" || after.kind !== "completed") return false;
  return (before.conclusion === "success") !== (after.conclusion === "success");
}

/** Did the check wait for a run that was started by hand? What it said before that is not to be seen any more. */
function hasWaited({ state, externalId: id }: Check): boolean {
  return state.kind === "in_progress" && /^(?:run|asked):/.test(id);
}

/**
 * The run of this head says what it said: has it look again, before the check tells that there is something new. `green`:
 * only where it said something else.
 */
async function sayAgain(
  ports: Needed,
  head: PullRequest["head"]["sha"],
  own: number | undefined,
  green?: boolean,
): Promise<void> {
  const runs = await ports.workflows.runsOf(head);
  const run = runs.find(({ event, conclusion }) => event === "pull_request" && conclusion !== "action_required");
  if (run?.status !== "completed" || run.id === own) return;
  if (green === undefined || green !== (run.conclusion === "success")) await ports.workflows.sayAgain(run.id);
}

async function writeReviewsOf(ports: Needed, { observed, models }: PullAnswer): Promise<void> {
  const { pull, base, outcome } = observed;
  if (outcome.kind !== "models" || outcome.informational) return;
  await writeReviews(ports, { pull: pull.number, head: pull.head.sha, base, ofFork: pull.fork }, models);
}

function stateOf({ observed: { outcome }, models }: PullAnswer): CheckState {
  if (outcome.kind === "no-config") return { kind: "completed", conclusion: "success" };
  if (outcome.kind === "stale" && outcome.queued === true) return { kind: "completed", conclusion: "success" };
  if (outcome.kind !== "models") return { kind: "completed", conclusion: "failure" };
  return stateOfModels(models, outcome.informational);
}

/** Would a required check let this be merged? */
export function isGreen(answer: PullAnswer): boolean {
  const state = stateOf(answer);
  return state.kind === "completed" && state.conclusion === "success";
}

/**
 * The evidence that the verdicts stand on, or the run that was started by hand to bring it; a service that does not name
 * the run gets told for which evidence it was started.
 */
function externalId(answer: PullAnswer): string {
  if (stateOf(answer).kind === "in_progress") {
    if (answer.waitsFor !== undefined) return `run:${answer.waitsFor}`;
    return answer.asked === undefined ? "" : `asked:${answer.asked}`;
  }
  return evidenceOf(answer);
}
