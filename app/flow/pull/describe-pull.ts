import type { ReportInput } from "#core/message/report-input.ts";
import type { Ports } from "#core/ports.ts";
import { describeModel } from "./describe-model.ts";
import type { PullAnswer } from "./reconcile-pull.ts";

/** Turns what was found out about a pull request into what its report is made of. */
export async function describePull(ports: Pick<Ports, "tags">, answer: PullAnswer): Promise<ReportInput> {
  const { pull, base, outcome } = answer.observed;
  const common = { head: pull.head.sha, base };
  if (outcome.kind === "problems") {
    return { ...common, models: [], problem: { kind: "config", problems: outcome.problems }, informational: false };
  }
  if (outcome.kind === "conflict" || outcome.kind === "stale" || outcome.kind === "elsewhere") {
    return { ...common, models: [], problem: outcome, informational: false };
  }
  if (outcome.kind === "no-config") return { ...common, models: [], problem: undefined, informational: true };
  const models = await Promise.all(
    answer.models.map(async (model) => await describeModel(ports, model.observed, model.answer, answer.failures)),
  );
  return { ...common, models, problem: undefined, informational: outcome.informational };
}
