import type { VerdictKind } from "#core/gate/verdict.ts";
import { commands } from "#core/command/read-command.ts";
import { asSentence, escapeCell, escapeProse } from "./escape.ts";
import { sayMoment } from "./drift/say-state.ts";
import { addMarker, readMarker } from "./marker.ts";

/** What a command gets as its answer. `because`, `who`, `why` and `suggestion` may quote strangers. */
export type CommandAnswer =
  | { kind: "mistake"; because: string; suggestion: string | undefined }
  | { kind: "forbidden"; who: string }
  | { kind: "refused"; because: string }
  | { kind: "help" }
  | { kind: "accepted"; model: string; verdict: VerdictKind; because: string; evidence: string; why: string }
  | { kind: "pinned"; model: string; version: string; pull: number; isLive: boolean }
  | { kind: "snoozed"; model: string; until: string }
  | { kind: "woken"; model: string }
  | {
      kind: "promoting";
      model: string;
      /** what waits, as the words of its issue name it */
      subject: string;
      artifact: string;
      stage: string;
      verdict: VerdictKind;
      because: string;
    }
  /** `does`: train, or only compare what is trained, or what changes is nothing that is trained */
  | { kind: "training"; head: string; does: "train" | "compare" | "measure" };

/** An answer is given before its work is begun, and edited once it is: a word is not lost with a process. */
export type AnswerState = "begun" | "done";

/** Is this comment of ours the answer to that comment? How far it has got; undefined where it is none. */
export function readAnswer(body: string, comment: number): AnswerState | undefined {
  const marker = readMarker(body);
  if (marker?.kind !== "answer" || marker.data["to"] !== String(comment)) return undefined;
  return marker.data["state"] === "begun" ? "begun" : "done";
}

/** The answer to one command, bound to the comment it was said in, so that it is given once. */
export function renderAnswer(comment: number, answer: CommandAnswer, state: AnswerState): string {
  return addMarker(sayAnswer(answer), "answer", { to: String(comment), state });
}

function sayAnswer(answer: CommandAnswer): string {
  switch (answer.kind) {
    case "mistake":
      return `🤔 ${asSentence(escapeProse(answer.because, 600))}${answer.suggestion === undefined ? "" : ` Did you mean ${escapeCell(answer.suggestion)}?`}\n\n${renderHelp()}`;
    case "forbidden":
      return `🚫 Only people who may write to this repository can say that; ${escapeCell(answer.who)} may not. Nothing was done.`;
    case "refused":
      return `🚫 Not done. ${asSentence(escapeProse(answer.because, 600))}`;
    case "help":
      return `What may be said here, in the first line of a comment, by people who may write:\n\n${renderHelp()}`;
    case "accepted": {
      const why = answer.why === "" ? "" : ` Reason: ${escapeProse(answer.why, 500)}`;
      return `✅ ${escapeCell(answer.model)} is accepted as it is: ${escapeCell(answer.verdict)} (${escapeProse(answer.because, 400)}). The word is about exactly this evidence, ${escapeCell(answer.evidence.slice(0, 12))}, wherever it shows again; whatever changes it is judged anew.${why}`;
    }
    case "pinned":
      return answer.isLive
        ? `📌 #${answer.pull} pins ${escapeCell(answer.model)} to ${escapeCell(answer.version)}, which is in production. Once it is merged, nothing moves until the pin is taken out.`
        : `⏪ #${answer.pull} pins ${escapeCell(answer.model)} to ${escapeCell(answer.version)}. Merging it brings that version back, with no training; data and code stay as they are.`;
    case "promoting":
      if (answer.verdict === "untrained")
        return `🚂 Training ${escapeCell(answer.model)} again, as its bytes can no longer be had. What comes of it waits for a word of its own.`;
      if (answer.verdict === "retired")
        return `🗄️ Taking ${escapeCell(answer.model)} from its stages: ${escapeProse(answer.because, 400)}. Its versions and their releases stay.`;
      return `🚂 Promoting ${escapeCell(answer.model)} to ${escapeCell(answer.stage)}: what waited as ${escapeCell(answer.subject.slice(0, 12))}, exactly the model file with the SHA-256 ${escapeCell(`${answer.artifact.slice(0, 16)}…`)}, whose verdict is ${escapeCell(answer.verdict)} (${escapeProse(answer.because, 400)}).`;
    case "snoozed":
      return `😴 Nothing more about ${escapeCell(answer.model)} until ${sayMoment(answer.until)}: no comment and no retraining pull request. This issue goes on, and so does the watch.`;
    case "woken":
      return `⏰ ${escapeCell(answer.model)} is no longer snoozed: what changes is said again.`;
    case "training":
      if (answer.does === "train")
        return `🚂 Training ${escapeCell(answer.head.slice(0, 12))}. A later push is not trained by this word.`;
      return answer.does === "measure"
        ? `🚂 No model has to be trained at ${escapeCell(answer.head.slice(0, 12))}: what is missing is measured.`
        : `🚂 ${escapeCell(answer.head.slice(0, 12))} is trained already: what is missing is compared. To train it once more, say \`/train --again\`.`;
  }
}

/** Every command there is, with what it does. */
function renderHelp(): string {
  return commands.map(({ usage, says }) => `- \`${usage}\`: ${says}`).join("\n");
}
