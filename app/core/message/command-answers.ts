import type { VerdictKind } from "#core/gate/verdict.ts";
import { commands } from "#core/command/read-command.ts";
import { asSentence, escapeCell, escapeProse } from "./escape.ts";
import { addMarker, readMarker } from "./marker.ts";

/** What a command gets as its answer. `because`, `who` and `suggestion` may quote strangers. */
export type CommandAnswer =
  | { kind: "mistake"; because: string; suggestion: string | undefined }
  | { kind: "forbidden"; who: string }
  | { kind: "refused"; because: string }
  | { kind: "promoting"; model: string; artifact: string; stage: string; verdict: VerdictKind; because: string }
  | { kind: "training"; head: string };

/** Is this comment of ours the answer to that comment? */
export function isAnswerTo(body: string, comment: number): boolean {
  const marker = readMarker(body);
  return marker?.kind === "answer" && marker.data["to"] === String(comment);
}

/** The answer to one command, bound to the comment it was said in, so that it is given once. */
export function renderAnswer(comment: number, answer: CommandAnswer): string {
  return addMarker(sayAnswer(answer), "answer", { to: String(comment) });
}

function sayAnswer(answer: CommandAnswer): string {
  switch (answer.kind) {
    case "mistake":
      return `🤔 ${asSentence(escapeProse(answer.because, 600))}${answer.suggestion === undefined ? "" : ` Did you mean ${escapeCell(answer.suggestion)}?`}\n\n${renderHelp()}`;
    case "forbidden":
      return `🚫 Only people who may write to this repository can say that; ${escapeCell(answer.who)} may not. Nothing was done.`;
    case "refused":
      return `🚫 Not done. ${asSentence(escapeProse(answer.because, 600))}`;
    case "promoting":
      return `🚂 Promoting ${escapeCell(answer.model)} to ${escapeCell(answer.stage)}: exactly the bytes ${escapeCell(`sha256:${answer.artifact.slice(0, 16)}`)}, whose verdict is ${escapeCell(answer.verdict)} (${escapeProse(answer.because, 400)}).`;
    case "training":
      return `🚂 Training ${escapeCell(answer.head.slice(0, 12))}. A later push is not trained by this word.`;
  }
}

/** Every command there is, with what it does. */
export function renderHelp(): string {
  return commands.map(({ usage, says }) => `- \`${usage}\`: ${says}`).join("\n");
}
