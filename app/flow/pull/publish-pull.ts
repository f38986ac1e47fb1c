import type { Check, CheckState, Ports, PullRequest } from "#core/ports.ts";
import { isReport, renderReport, renderUnaffected } from "#core/message/render-report.ts";
import { renderCheck } from "#core/message/render-check.ts";
import type { ReportInput } from "#core/message/report-input.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { waitsForAcceptance } from "#core/plan/judge-model.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import { reviewSchema, type Review } from "#core/evidence.ts";
import { evidencePath, readRecord, writeRecord } from "#flow/evidence/evidence-reader.ts";
import { describePull } from "./describe-pull.ts";
import { evidenceOf } from "./evidence-of.ts";
import { upsertComment } from "./upsert-comment.ts";
import type { PullAnswer } from "./reconcile-pull.ts";

type Needed = Pick<Ports, "repository" | "pulls" | "bytes" | "checks" | "comments" | "evidence" | "now" | "tags">;

/** Writes check, comment and reviews where they are not yet as they should be. */
export async function publishPull(ports: Needed, answer: PullAnswer): Promise<void> {
  const { pull } = answer.observed;
  const input = await describePull(ports, answer);
  const pending = answer.models.some(({ answer: model }) => model.kind === "pending");
  const silent = isSilent(answer);
  if (!pending) await writeReviews(ports, answer);
  if (!pending || silent) await publishComment(ports, pull, silent ? undefined : renderReport(input));
  // The check is the head's, and the head may be that of a pull request onto the default branch as well.
  if (answer.observed.outcome.kind !== "elsewhere") await publishCheck(ports, answer, input);
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

async function publishCheck(ports: Needed, answer: PullAnswer, input: ReportInput): Promise<void> {
  const head = answer.observed.pull.head.sha;
  const rendered = renderCheck(input);
  const check: Check = { ...rendered, state: stateOf(answer), externalId: externalId(answer) };
  const known = await ports.checks.find(head);
  if (known === undefined) await ports.checks.create(head, check);
  else if (!sameCheck(known, check)) await ports.checks.update(known.id, check);
}

function sameCheck(a: Check, b: Check): boolean {
  const part = ({ state, title, summary, externalId: id }: Check): string =>
    JSON.stringify([state, title, summary, id]);
  return part(a) === part(b);
}

/** Only an evaluated yes is a success; whatever waits for people is asked of them; all else is a failure (law 4). */
export function stateOf(answer: PullAnswer): CheckState {
  const { outcome } = answer.observed;
  if (outcome.kind === "no-config") return { kind: "completed", conclusion: "success" };
  if (outcome.kind !== "models") return { kind: "completed", conclusion: "failure" };
  const verdicts = answer.models.map(({ answer: model }) => (model.kind === "verdict" ? model.verdict : undefined));
  if (verdicts.includes(undefined)) return { kind: "in_progress" };
  if (outcome.informational) return { kind: "completed", conclusion: "success" };
  const red = verdicts.filter((verdict): verdict is Verdict => verdict !== undefined && !verdict.green);
  if (red.length === 0) return { kind: "completed", conclusion: "success" };
  const conclusion = red.every(({ kind }) => waitsForAcceptance.has(kind)) ? "action_required" : "failure";
  return { kind: "completed", conclusion };
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

/** What the last verdict on this head was, model by model; `stale` and models that nothing was asked about leave no trace. */
async function writeReviews(ports: Needed, answer: PullAnswer): Promise<void> {
  const { pull, base, outcome } = answer.observed;
  if (outcome.kind !== "models" || outcome.informational) return;
  const files = new Map<string, string>();
  for (const { change, answer: model, observed } of answer.models) {
    if (model.kind !== "verdict" || model.verdict.kind === "stale") continue;
    const recipe = recipeOf(change, observed.facts);
    if (recipe === undefined) continue;
    const { accepted } = model.verdict;
    const review: Review = {
      schema: "trainyard/review/1",
      model: change.name,
      recipe,
      pull: pull.number,
      head: pull.head.sha,
      base,
      verdict: model.verdict.kind,
      green: model.verdict.green,
      because: model.verdict.because.slice(0, 4_000),
      evidence: model.evidence,
      artifact: observed.facts.candidate?.run.artifact.sha256 ?? null,
      ...(accepted === undefined ? {} : { accepted }),
      at: ports.now().toISOString(),
    };
    const path = evidencePath.review(review);
    // oxlint-disable-next-line no-await-in-loop -- one read a model that changed
    const known = readRecord(await ports.evidence.read(path), reviewSchema);
    if (known === undefined || !sameReview(known, review)) files.set(path, writeRecord(review));
  }
  if (files.size > 0)
    await ports.evidence.write(files, `Record the verdict on #${pull.number} at ${pull.head.sha.slice(0, 12)}`);
}

/** What a verdict on it would let ship, or be taken away; undefined where nothing would move. */
function recipeOf(change: ModelChange, { production }: ModelFacts): string | undefined {
  if (change.kind === "candidate") return change.merged.recipe;
  return change.kind === "retired" ? production?.standing.recipe : undefined;
}

function sameReview(a: Review, b: Review): boolean {
  return JSON.stringify({ ...a, at: "", base: "" }) === JSON.stringify({ ...b, at: "", base: "" });
}
