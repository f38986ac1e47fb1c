import type { DataReport, ExpectationOutcome } from "#core/evidence.ts";
import type { DataDiff } from "#core/diff/data-diff.ts";

const hidden = "(hidden)";

/** The same report without a cell of the data: where and how often is said, and no value or key. */
export function hideValues(report: DataReport): DataReport {
  return {
    ...report,
    expectations: report.expectations.map(hideOutcome),
    diff: report.diff === null ? null : hideDiff(report.diff),
  };
}

function hideOutcome(found: ExpectationOutcome): ExpectationOutcome {
  const { values: _, ...outcome } = found;
  const { rows, examples, because } = outcome;
  if (rows === undefined) return outcome;
  const said = rows.map(({ value }, index) => [examples[index] ?? "", value] as const);
  const cut = ([example, value]: readonly [string, string]): string =>
    example.endsWith(value) ? `${example.slice(0, example.length - value.length)}${hidden}` : hidden;
  const [first] = said;
  return {
    ...outcome,
    rows: rows.map((row) => ({ ...row, value: hidden })),
    examples: said.map(cut),
    // the first example ends the sentence, cut perhaps
    because: first === undefined ? because : because.replace(/, first .*$/s, () => `, first ${cut(first)}`),
  };
}

function hideDiff(found: DataDiff): DataDiff {
  const { examples: _, ...diff } = found;
  const { cells, categories, notes } = diff;
  return {
    ...diff,
    // a key that repeats is quoted
    ...(notes === undefined ? {} : { notes: notes.map((note) => note.replaceAll(/'(?:[^']|'')*'/g, hidden)) }),
    ...(cells === undefined ? {} : { cells: cells.map((column) => ({ ...column, examples: [] })) }),
    ...(categories === undefined
      ? {}
      : {
          categories: categories.map((column) => ({
            ...column,
            new: { ...column.new, examples: [] },
            missing: { ...column.missing, examples: [] },
          })),
        }),
  };
}
