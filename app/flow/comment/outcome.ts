import type { CommandAnswer } from "#core/message/command-answers.ts";
import type { ModelName } from "#core/names.ts";
import type { Approval } from "#core/promotion/decide.ts";

/** A comment that somebody has just written. Everything in it is a stranger's. `at`: when, by the service's clock. */
export type WrittenComment = {
  id: number;
  issue: number;
  isPull: boolean;
  body: string;
  author: string;
  bot: boolean;
  at: Date;
};

/** What has to be done after the answer: the shell knows how (a dispatch, or a job of this very run). */
export type CommandEffect =
  | { kind: "none" }
  | { kind: "promote"; approval: Approval; head: string }
  | { kind: "train"; pull: number; head: string; again: boolean }
  /** its verdict may be another one now */
  | { kind: "judge"; pull: number }
  /** its drift issue says something else now */
  | { kind: "watch"; model: ModelName }
  /** a pull request of ours, made just now */
  | { kind: "opened"; pull: number };

/** What a command comes to: what is answered, and what has to be done. */
export type Outcome = { answer: CommandAnswer; effect: CommandEffect };

/** The answer where nothing is done. */
export function refuse(because: string): Outcome {
  return { answer: { kind: "refused", because }, effect: { kind: "none" } };
}
