import type { ReportInput } from "#core/message/report-input.ts";
import type { Ports } from "#core/ports.ts";
import { describeModels } from "./describe-model.ts";
import { findWaiting } from "./find-waiting.ts";
import { evidenceOf } from "./evidence-of.ts";
import type { PullAnswer } from "./reconcile-pull.ts";

/** Turns what was found out about a pull request into what its report is made of. */
export async function describePull(
  ports: Pick<Ports, "repository" | "pulls" | "tags" | "bytes" | "evidence">,
  answer: PullAnswer,
): Promise<ReportInput> {
  const { pull, base, outcome } = answer.observed;
  const common = { head: pull.head.sha, base };
  if (outcome.kind === "problems") {
    return { ...common, models: [], problem: { kind: "config", problems: outcome.problems }, informational: false };
  }
  if (outcome.kind === "conflict" || outcome.kind === "stale" || outcome.kind === "elsewhere") {
    return { ...common, models: [], problem: outcome, informational: false };
  }
  if (outcome.kind === "no-config") return { ...common, models: [], problem: undefined, informational: true };
  const waiting = await findWaiting(ports, answer);
  const described = await describeModels(ports, answer.models, answer.failures);
  const models = described.map((model) => ({ ...model, fork: pull.fork, waiting: waiting.get(model.name) }));
  return { ...common, models, evidence: evidenceOf(answer), problem: undefined, informational: outcome.informational };
}
