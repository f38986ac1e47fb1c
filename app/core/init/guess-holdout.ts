import { isTable, nameOf, tableRank, type CloneView, type Found, type Place } from "./clone-view.ts";
import { readCsvHead, type CsvHead } from "./read/csv-head.ts";

/** The rows that everybody is judged on, and the column with the truth. */
export type HoldoutGuess = {
  holdout: Found<string> | undefined;
  holdoutDoubt: string | undefined;
  label: Found<string> | undefined;
  labelDoubt: string | undefined;
  /** columns that name a row, each value once in what was read */
  ids: readonly string[];
};

const names = new Set(
  "label target y class outcome churn churned is_churn default defaulted fraud is_fraud converted clicked purchased survived response".split(
    " ",
  ),
);

/** Looks for a table called holdout or test, and for a column of 0 and 1 that is called like a label. */
export function guessHoldout(view: CloneView): HoldoutGuess {
  const tables = view.paths.filter((path) => isTable(path) && !/^(?:tests?|docs?|examples?)\//.test(path));
  const [sure, likely] = [0, 1].map((rank) => tables.filter((path) => tableRank(path) === rank));
  const chosen = pickHoldout(view, sure ?? [], likely ?? []);
  const head = chosen.holdout ?? (tables.length === 1 ? tables[0] : undefined);
  return { ...sayHoldout(chosen, tables), ...guessLabel(view, head) };
}

type Chosen = { holdout: string | undefined; doubt: string | undefined };

/** A "test.csv" that has no label is somebody's questions, not a holdout. */
function pickHoldout(view: CloneView, sure: readonly string[], likely: readonly string[]): Chosen {
  const [first, ...more] = sure;
  if (first !== undefined && more.length === 0) return { holdout: first, doubt: undefined };
  if (first !== undefined) return { holdout: undefined, doubt: `several files are called so: ${list(sure)}` };
  const labelled = likely.filter((path) => findLabels(headOf(view, path)).named.length === 1);
  if (labelled.length === 1) return { holdout: labelled[0], doubt: undefined };
  return {
    holdout: undefined,
    doubt:
      likely.length === 0
        ? undefined
        : `${list(likely)} could be it: is the truth in there, and is nobody trained on it?`,
  };
}

function sayHoldout(
  { holdout, doubt }: Chosen,
  tables: readonly string[],
): Pick<HoldoutGuess, "holdout" | "holdoutDoubt"> {
  if (holdout !== undefined) {
    const because = tableRank(holdout) === 0 ? "the file's name" : "the file's name, and it has a column like a label";
    return { holdout: { value: holdout, because, at: { path: holdout, line: 1 } }, holdoutDoubt: undefined };
  }
  const split =
    tables.length === 0
      ? "no table was found"
      : `no file is called so; keep some rows of ${list(tables)} in a file of their own`;
  return { holdout: undefined, holdoutDoubt: doubt ?? split };
}

function guessLabel(view: CloneView, path: string | undefined): Pick<HoldoutGuess, "label" | "labelDoubt" | "ids"> {
  const head = path === undefined ? undefined : headOf(view, path);
  if (path === undefined || head === undefined)
    return { label: undefined, labelDoubt: path === undefined ? undefined : `${path} cannot be read here`, ids: [] };
  const at: Place = { path, line: 1 };
  const { named, binary } = findLabels(head);
  const ids = head.header.filter((column, index) => isId(column) && isUnique(head, index));
  const [first, ...more] = named;
  if (first !== undefined && more.length === 0)
    return {
      label: { value: first, because: "a column of 0 and 1 that is called like a label", at },
      labelDoubt: undefined,
      ids,
    };
  const doubt =
    named.length > 1
      ? `several columns could be it: ${list(named)}`
      : binary.length > 0
        ? `columns of 0 and 1: ${list(binary)}`
        : `no column of ${nameOf(path)} holds 0 and 1 alone: ${list(head.header)}`;
  return { label: undefined, labelDoubt: doubt, ids };
}

function findLabels(head: CsvHead | undefined): { named: readonly string[]; binary: readonly string[] } {
  if (head === undefined) return { named: [], binary: [] };
  const binary = head.header.filter((column, index) => isPlain(column) && isBinary(head, index));
  return { named: binary.filter((column) => names.has(column.toLowerCase())), binary };
}

/** Both values have to be there: a column of zeros is no truth. */
function isBinary({ rows }: CsvHead, index: number): boolean {
  const values = new Set(rows.map((row) => row[index]));
  return values.size === 2 && values.has("0") && values.has("1");
}

const isId = (column: string): boolean => isPlain(column) && /^id$|_id$|^(?:customer|user|account)$/i.test(column);
const isUnique = ({ rows }: CsvHead, index: number): boolean =>
  rows.length > 1 && new Set(rows.map((row) => row[index])).size === rows.length;
/** What a config can hold as the name of a column. */
const isPlain = (column: string): boolean => /^[\p{L}\p{N}_ .-]{1,100}$/u.test(column) && column.trim() === column;

function headOf(view: CloneView, path: string): CsvHead | undefined {
  const text = /\.csv$/i.test(path) ? view.texts.get(path) : undefined;
  return text === undefined ? undefined : readCsvHead(text);
}

const list = (items: readonly string[]): string =>
  `${items.slice(0, 6).join(", ")}${items.length > 6 ? ` and ${items.length - 6} more` : ""}`;
