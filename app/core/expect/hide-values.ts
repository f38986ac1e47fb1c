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
  if (outcome.kind === "error") return { ...outcome, because: hideReason(because) };
  if (isOneCell(outcome))
    return { ...outcome, measured: null, because: because.replace(/: it is [^:]*$/, () => `: it is ${hidden}`) };
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

/** What is measured is a cell itself, and no figure of many: the least, the greatest, the only one. */
function isOneCell({ expectation, measured, of }: ExpectationOutcome): boolean {
  if (typeof measured !== "number") return false;
  return (
    /^the [01] quantile of /.test(expectation) || (of === 1 && /^the (?:sum|mean|\S+ quantile) of /.test(expectation))
  );
}

/** The engine quotes the cell that it stopped at, but not before it has begun to read rows, nor of SQL that may not run. */
function hideReason(because: string): string {
  if (because.startsWith("Cannot use ")) return because;
  const unread = "Binder|Catalog|Parser|Syntax|IO|Out of Memory|INTERRUPT|Permission";
  return because.replace(
    new RegExp(`\\b(?!(?:${unread}) Error: )((?:[A-Z][A-Za-z]* )+Error: ).*$`, "s"),
    `$1${hidden}`,
  );
}

/** Says nothing of anybody. */
const isPlainLabel = (value: string | null): boolean => value === null || /^(?:[01]|true|false|yes|no)$/i.test(value);

function hideNote(note: string): string {
  return hideReason(note).replace(/( names more than one row: )(?:.*(?= is in ")|.*)/s, `$1${hidden}`);
}

function hideDiff(found: DataDiff): DataDiff {
  const { examples: _, ...diff } = found;
  const { cells, categories, labels, notes } = diff;
  return {
    ...diff,
    ...(notes === undefined ? {} : { notes: notes.map(hideNote) }),
    ...(labels === undefined
      ? {}
      : {
          labels: {
            ...labels,
            values: labels.values.map((label) => (isPlainLabel(label.value) ? label : { ...label, value: hidden })),
          },
        }),
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
