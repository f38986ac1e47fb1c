import type { Gate } from "#core/config/config.ts";

/** What one gate says. `because` is a sentence for people; `needs` estimates how many rows would decide it. */
export type GateVerdict = {
  kind: "pass" | "fail" | "inconclusive" | "error";
  gate: Gate;
  because: string;
  needs: number | undefined;
};

export const verdictKinds = [
  "pass",
  "not_affected",
  "settings",
  "return",
  "first",
  "inconclusive",
  "retired",
  "untrained",
  "stale",
  "fail",
  "error",
] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** The verdict for one model: a tree that explains itself. `green` is what decides; `because` is one sentence. */
export type Verdict = {
  kind: VerdictKind;
  green: boolean;
  because: string;
  gates: readonly GateVerdict[];
  /** green by the word of somebody who may write, for exactly this evidence */
  accepted?: { by: string; why: string };
};
