import type { VerdictKind } from "#core/gate/verdict.ts";
import type { ModelReport } from "#core/message/report-input.ts";

type AnyVerdict = ModelReport["verdict"];

const severities: Readonly<Record<VerdictKind | "pending", number>> = {
  error: 0,
  fail: 1,
  stale: 2,
  untrained: 3,
  inconclusive: 4,
  retired: 5,
  first: 6,
  pending: 7,
  return: 8,
  settings: 9,
  pass: 10,
  not_affected: 11,
};

/** 0 is worst. A verdict that is not green is always worse than one that is. */
export function severityOf(verdict: AnyVerdict): number {
  return severities[verdict.kind] + (verdict.kind !== "pending" && verdict.green ? 100 : 0);
}

/** The colour of a verdict, never greener than it is. */
export function lightOf(verdict: AnyVerdict): string {
  if (verdict.kind === "pending") return "⏳";
  if (verdict.green) return "🟢";
  return verdict.kind === "error" || verdict.kind === "fail" ? "🔴" : "🟡";
}
