import type { Comparison } from "#core/evidence.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import { renderDefaultCheck } from "#core/message/render-default-check.ts";
import { subjectOfCandidate } from "#core/plan/model-facts.ts";
import type { Check, Ports } from "#core/ports.ts";
import type { Decision } from "#core/promotion/decide.ts";
import { upsertCheck } from "#flow/pull/upsert-check.ts";
import { wantOf } from "#flow/pull/reconcile-pull.ts";
import { observeDefault, type ObservedDefault } from "#flow/observe/observe-default.ts";
import { publishWaiting } from "./publish-waiting.ts";
import { tellPulls } from "./tell-pulls.ts";
import { recordReport } from "#flow/evidence/record-report.ts";

/**
 * Says what the default branch's newest head means: records what a finished run claims, shows the check on the commit,
 * keeps one issue for each model that waits for `/promote`, and tells the merged pull request what was shipped.
 * Promotes nothing: that is `promoteDefault`, in a job that holds the bytes.
 */
export async function reconcileDefault(
  ports: Ports,
  options: { finishedRun: number | undefined },
): Promise<ObservedDefault> {
  let observed = await observeDefault(ports, { approval: undefined, failures: [], expecting: false });
  const { snapshot } = observed;
  if (
    snapshot !== undefined &&
    options.finishedRun !== undefined &&
    observed.models.some(({ decision }) => isOpen(decision))
  ) {
    const { failures = [], compared = [] } = (await record(ports, observed, options.finishedRun)) ?? {};
    observed = await observeDefault(ports, { approval: undefined, failures, expecting: false });
    await promoteJudged(ports, observed, compared);
  }
  const issues = await publishWaiting(ports, observed);
  await publishCheck(ports, observed, options.finishedRun);
  await tellPulls(ports, observed, issues);
  return observed;
}

/** May a finished run have brought what is missing? */
function isOpen(decision: Decision): boolean {
  if (decision.kind === "wait") return decision.verdict.kind === "untrained";
  return decision.kind === "work" || decision.kind === "blocked" || decision.kind === "promote";
}

/**
 * What waited for its judgement may ship by itself now (`combinations: gate`): the run that judged it was planned before,
 * so another one promotes. No word of anybody goes with it.
 */
async function promoteJudged(ports: Ports, { models }: ObservedDefault, compared: readonly string[]): Promise<void> {
  const isJudged = models.some(
    ({ decision, facts }) => decision.kind === "promote" && compared.includes(subjectOfCandidate(facts) ?? ""),
  );
  if (isJudged) await ports.workflows.dispatch({ command: "promote" });
}

async function record(ports: Ports, observed: ObservedDefault, id: number): ReturnType<typeof recordReport> {
  const run = await ports.workflows.run(id);
  if (run === undefined || observed.snapshot === undefined) return undefined;
  const { tree } = observed.snapshot;
  return await recordReport(ports, run, {
    pull: undefined,
    head: observed.head,
    ...wantOf(observed.models),
    branch: observed.branch,
    tip: observed.head,
    baseTree: tree,
    mergedTree: tree,
    informational: false,
  });
}

/** What the check on the commit says, worst first. */
export type DefaultLine = {
  name: string;
  kind: "current" | "promote" | "wait" | "work" | "blocked";
  /** of what waits at a stage for the next one */
  because: string | undefined;
  production: string | undefined;
  verdict: Verdict | undefined;
  comparison: Comparison | undefined;
};

function kindOf({ kind }: Decision): DefaultLine["kind"] {
  if (kind === "grow" || kind === "rename") return "promote";
  return kind === "finish" ? "current" : kind;
}

async function publishCheck(ports: Ports, observed: ObservedDefault, own: number | undefined): Promise<void> {
  if (observed.snapshot === undefined && observed.problem === undefined) return;
  const lines = observed.models
    .filter(({ meanwhile }) => meanwhile === undefined)
    .map(({ change, facts, decision }): DefaultLine => ({
      name: change.name,
      kind: kindOf(decision),
      because: decision.kind === "wait" && decision.stands !== undefined ? decision.because : undefined,
      production: facts.production?.standing.version,
      verdict: "verdict" in decision ? decision.verdict : undefined,
      comparison: "comparison" in decision ? decision.comparison : undefined,
    }));
  const { title, summary } = renderDefaultCheck(lines, observed.problem);
  const waits = lines.some(({ kind }) => kind === "wait");
  const bad = observed.problem !== undefined || lines.some(({ kind }) => kind === "blocked");
  const works = lines.some(({ kind }) => kind === "work");
  const known = await ports.checks.find(observed.head);
  const isRunning = works && (await isAtIt(ports, observed.head, own));
  // What failed stays told as it was: nothing is on its way, and the next look knows less.
  if (works && !bad && !isRunning && known?.state.kind === "completed" && known.state.conclusion === "failure") return;
  const conclusion = bad || (works && !isRunning) ? "failure" : waits ? "action_required" : "success";
  const check: Check = {
    state: isRunning && !bad ? { kind: "in_progress" } : { kind: "completed", conclusion },
    title,
    summary,
    externalId: lines
      .map(({ name, production }) => `${name}:${production ?? ""}`)
      .join(",")
      .slice(0, 200),
  };
  await upsertCheck(ports, observed.head, check, known);
}

/** Is a run on its way that may bring what is missing? */
async function isAtIt(ports: Ports, head: ObservedDefault["head"], own: number | undefined): Promise<boolean> {
  return (await ports.workflows.runsOf(head)).some(({ id, status }) => status !== "completed" && id !== own);
}
