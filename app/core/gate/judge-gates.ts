import type { Gate } from "#core/config/config.ts";
import type { Comparison } from "#core/evidence.ts";
import { judgeGate } from "./judge-gate.ts";
import type { GateVerdict } from "./verdict.ts";

export type GatesVerdict = {
  kind: "pass" | "fail" | "inconclusive" | "error" | "first";
  green: boolean;
  because: string;
  gates: readonly GateVerdict[];
};

/**
 * All gates together (law 4): error before fail before inconclusive before pass; without a single gate nothing passes.
 * `first`: nothing is in production yet. Gates versus production are then left out, and only absolute ones (a bar, or
 * versus baseline) that all pass make it green.
 */
export function judgeGates(gates: readonly Gate[], comparison: Comparison, options: { first: boolean }): GatesVerdict {
  const applied = gates.filter((gate) => !(options.first && gate.kind === "versus" && gate.against === "production"));
  const judged = applied.map((gate) => judgeGate(gate, comparison));
  const of = (kind: GateVerdict["kind"]): readonly GateVerdict[] => judged.filter((verdict) => verdict.kind === kind);
  const answer = (kind: GatesVerdict["kind"], green: boolean, because: string): GatesVerdict => ({
    kind,
    green,
    because,
    gates: judged,
  });
  const say = (verdicts: readonly GateVerdict[]): string =>
    [...new Set(verdicts.map(({ because }) => because))].join("; ");

  if (comparison.error !== null) return answer("error", false, comparison.error);
  if (of("error").length > 0) return answer("error", false, say(of("error")));
  if (of("fail").length > 0) return answer("fail", false, say(of("fail")));
  if (options.first) return judgeFirst(judged, answer, say(of("inconclusive")));
  if (judged.length === 0)
    return answer("error", false, 'no gate could be applied: add one under "gates" of the model');
  if (of("inconclusive").length > 0) return answer("inconclusive", false, say(of("inconclusive")));
  return answer("pass", true, judged.length === 1 ? say(judged) : `all ${judged.length} gates hold`);
}

function judgeFirst(
  judged: readonly GateVerdict[],
  answer: (kind: "first", green: boolean, because: string) => GatesVerdict,
  undecided: string,
): GatesVerdict {
  if (judged.length === 0) {
    return answer("first", false, "nothing is in production yet, and no gate says what a first model must reach");
  }
  if (undecided !== "")
    return answer("first", false, `nothing is in production yet, and not every gate is decided: ${undecided}`);
  return answer("first", true, "nothing is in production yet, and every gate for a first model holds");
}
