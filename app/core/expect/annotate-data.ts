import type { DataReport, ExpectationOutcome } from "#core/evidence.ts";
import { plainLine } from "#core/message/escape.ts";
import { isBlocking } from "./judge-expectation.ts";

/** A remark beside a file's line, as check runs and workflow commands know it. Its text is one line, and untrusted. */
export type Annotation = {
  level: "failure" | "warning";
  title: string;
  message: string;
  /** of the repository; undefined where no line of a file is meant */
  path: string | undefined;
  line: number | undefined;
};

/** as many as a check run takes at once */
const mostAnnotations = 50;

/**
 * What is not as expected as annotations, the worst first: what could not be checked, what blocks by the share of rows
 * that break it, warnings. Rows of files of text stand beside their lines; every expectation is there before any has a
 * second line.
 */
export function annotateData(reports: readonly DataReport[]): readonly Annotation[] {
  const worst = reports
    .flatMap(({ model, expectations }) => expectations.map((outcome) => ({ model, outcome })))
    .filter(({ outcome }) => outcome.kind !== "pass")
    .sort((a, b) => rank(b.outcome) - rank(a.outcome));
  const first = worst.map(({ model, outcome }) => annotate(model, outcome, 0));
  const more = worst.flatMap(({ model, outcome }) =>
    (outcome.rows ?? []).flatMap(({ line }, index) =>
      index === 0 || line === undefined ? [] : [annotate(model, outcome, index)],
    ),
  );
  return [...first, ...more].slice(0, mostAnnotations);
}

/** Above 3: could not be checked; above 2: blocks; the rest: warnings. */
function rank(outcome: ExpectationOutcome): number {
  const share = outcome.kind === "error" ? 1 : (outcome.share ?? 0.5);
  return (isBlocking(outcome) ? 2 : 0) + (outcome.kind === "error" ? 1 : 0) + share / 2;
}

function annotate(model: string, outcome: ExpectationOutcome, index: number): Annotation {
  const row = outcome.rows?.[index];
  const isPlaced = row?.line !== undefined;
  const message = index === 0 || row === undefined ? outcome.because : `${outcome.expectation}: not ${row.value}`;
  return {
    level: isBlocking(outcome) ? "failure" : "warning",
    title: `Data of ${plainLine(model, 100)}`,
    message: plainLine(message, 500),
    path: isPlaced ? row.file : undefined,
    line: row?.line,
  };
}
