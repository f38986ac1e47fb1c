import type { VerdictKind } from "#core/gate/verdict.ts";
import { severityOf } from "#core/message/report/verdict-light.ts";
import type { PullAnswer } from "./reconcile-pull.ts";

/** The worst verdict on a pull request in one word; `pending` where one is not reached yet. */
export function worstVerdict({ observed, models }: PullAnswer): VerdictKind | "pending" {
  const { kind } = observed.outcome;
  if (kind === "problems" || kind === "conflict") return "error";
  if (kind === "stale") return "stale";
  const verdicts = models.map(({ answer }) =>
    answer.kind === "verdict" ? answer.verdict : { kind: "pending" as const, because: answer.because },
  );
  return verdicts.toSorted((a, b) => severityOf(a) - severityOf(b))[0]?.kind ?? "not_affected";
}
