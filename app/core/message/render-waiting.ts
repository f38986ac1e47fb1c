import type { Comparison } from "#core/evidence.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import { escapeCell, escapeProse } from "./escape.ts";
import { addMarker, readMarker } from "./marker.ts";
import { renderComparison } from "./report/comparison-table.ts";

export type Waiting = {
  model: string;
  head: string;
  /** digest of what waits: bytes, as their recipe asks them */
  subject: string;
  verdict: Verdict;
  comparison: Comparison | undefined;
  /** version in production now */
  production: string | undefined;
  because: string;
};

/** The model whose waiting this issue of ours is about. */
export function readWaitingMarker(body: string): string | undefined {
  const marker = readMarker(body);
  return marker?.kind === "waiting" ? marker.data["model"] : undefined;
}

/** The issue that says what waits on the default branch, why, how it compares, and the exact words that let it go on. */
export function renderWaiting(waiting: Waiting): { title: string; body: string } {
  const { model, head, subject, verdict, comparison, production } = waiting;
  const stays =
    production === undefined ? "Nothing is in production." : `Production stays ${escapeProse(production, 40)}.`;
  const lines = [
    `### 🟡 ${escapeProse(model, 100)} waits: ${escapeProse(waiting.because, 300)}`,
    verdict.kind === "retired"
      ? `The default branch at ${escapeCell(head.slice(0, 12))} does not name it any more, and nobody accepted that. ${stays}`
      : `The default branch at ${escapeCell(head.slice(0, 12))} asks for a model that is trained and judged, and not in production yet. ${stays}`,
    `Verdict ${escapeCell(verdict.kind)}: ${escapeProse(verdict.because, 600)}`,
    comparison === undefined ? "" : renderComparison(comparison, verdict.gates, { candidate: "what waits" }),
    verdict.kind === "untrained"
      ? "To have it trained again, somebody who may write comments here:"
      : "To let exactly this go on, somebody who may write comments here:",
    `\`\`\`\n/promote ${model} ${subject.slice(0, 12)} -- why\n\`\`\``,
    "To have something else instead: merge a pull request that changes it, or revert what brought it. This issue closes by itself once nothing waits.",
  ];
  const body = lines.filter((line) => line !== "").join("\n\n");
  return { title: `${model} waits for /promote`, body: addMarker(body, "waiting", { model, subject, head }) };
}
