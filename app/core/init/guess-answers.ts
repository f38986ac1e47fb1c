import { findLine, type CloneView, type Found, type Warning } from "./clone-view.ts";

/** How a predicting script answers: the columns of PREDICTIONS. */
export type AnswersGuess = {
  score: Found<string> | undefined;
  scoreDoubt: string | undefined;
  /** a column of the holdout that the script names and "row" it does not */
  id: Found<string> | undefined;
  warnings: readonly Warning[];
};

const scores = ["p", "score", "proba", "probability", "prob", "prediction"];

/** Searches the text of what predicts for PREDICTIONS and for the names of its columns. Without a script: `p` is asked for. */
export function guessAnswers(view: CloneView, script: string | undefined, ids: readonly string[]): AnswersGuess {
  const text = script === undefined ? undefined : view.texts.get(script);
  if (script === undefined || text === undefined) return asked([]);
  const missing = ["MODEL", "ROWS", "PREDICTIONS"].filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  if (missing.length > 0) {
    const message = `does not name ${missing.join(", ")}: predicting has to read the model from the path in MODEL and the rows from the one in ROWS, and write a CSV with the id and the column "p" to the one in PREDICTIONS (all three are in its environment)`;
    return asked([{ message, at: { path: script, line: 1 } }]);
  }
  const names = (column: string): RegExp => new RegExp(`["'\`,]${escape(column)}["'\`,\\\\]`);
  const seen = scores.filter((column) => names(column).test(text));
  const [first, ...more] = seen;
  const id = names("row").test(text) ? undefined : ids.find((column) => names(column).test(text));
  return {
    score:
      first !== undefined && more.length === 0
        ? { value: first, because: "the column that predicting names", at: findLine(view, script, names(first)) }
        : undefined,
    scoreDoubt: seen.length > 1 ? `${script} names several: ${seen.join(", ")}` : `${script} names none that is known`,
    id:
      id === undefined
        ? undefined
        : { value: id, because: "the column that predicting names", at: findLine(view, script, names(id)) },
    warnings: [],
  };
}

function asked(warnings: readonly Warning[]): AnswersGuess {
  const because = "chosen here: what the column of PREDICTIONS with the score has to be called";
  return { score: { value: "p", because, at: undefined }, scoreDoubt: undefined, id: undefined, warnings };
}

const escape = (text: string): string => text.replaceAll(/[^\p{L}\p{N}_]/gu, "\\$&");
