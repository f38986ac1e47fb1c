import { findPathMistake } from "#core/config/declared-path.ts";
import { compileGlobs, findGlobMistake } from "#core/config/glob.ts";
import type { Draft, WrittenExpectation, WrittenModel } from "#core/config/schema.ts";
import { showValue } from "#core/config/shape/show-value.ts";
import { namePointers } from "#core/pointer/name-pointers.ts";
import type { Path } from "#core/config/yaml/read-yaml.ts";
import type { ModelRule, Report } from "./rule.ts";

type Entry = Draft<WrittenExpectation>;

const ofRows = ["not-null", "unique", "between", "in", "not-in", "matches", "length", "type"] as const;
const ofColumns = [...ofRows, "references", "monotonic", "freshness", "sum", "mean", "quantile"] as const;
const ofTables = ["sql", "row-count", "columns"] as const;
/** one value over all rows: no share of rows can hold it */
const totals = ["row-count", "columns", "freshness", "sum", "mean", "quantile"] as const;

const expectationsCheckOneThing: ModelRule = ({ expect }, report) => {
  for (const [index, entry] of (expect ?? []).entries()) {
    if (entry === undefined) continue;
    checkSubject(entry, ["expect", index], report);
    checkTerms(entry, ["expect", index], report);
    checkBounds(entry, ["expect", index], report);
  }
};

function checkSubject(entry: Entry, path: Path, report: Report): void {
  const table = [...ofTables.filter((key) => key in entry), ...(Array.isArray(entry.unique) ? ["unique"] : [])];
  const column = ofColumns.filter((key) => key in entry && !(key === "unique" && Array.isArray(entry.unique)));
  const [first, second] = table;
  if (first === undefined) {
    if (column.length === 0) report(path, "it checks nothing: add not-null, unique, between, in or sql");
    else if (!("column" in entry)) report(path, '"column" is missing: add the name of the column that is checked');
  } else if (column.length > 0 || "column" in entry) {
    const what = first === "unique" ? "a list of unique columns" : first;
    report(path, `${what} speaks of all rows: write the column's checks as an expectation of their own`);
  } else if (second !== undefined)
    report(path, `"${second}" beside "${first}": write each as an expectation of its own`);
  for (const key of ["only", "ordered"] as const)
    if (key in entry && !("columns" in entry))
      report([...path, key], `it says something about "columns", which is not there: add columns: [id, age]`, "key");
}

function checkTerms(entry: Entry, path: Path, report: Report): void {
  const total = totals.find((key) => key in entry);
  if ("mostly" in entry && total !== undefined)
    report(
      [...path, "mostly"],
      `it is a share of rows, and "${total}" is not about single rows: write "${total}" as an expectation of its own`,
    );
  if ("where" in entry && "columns" in entry)
    report([...path, "where"], "it chooses rows, and columns are the same for all of them: leave it out");
}

function checkBounds(entry: Entry, path: Path, report: Report): void {
  const check = (at: Path, bounds: number | readonly (number | null | undefined)[] | undefined): void => {
    if (typeof bounds !== "object") return;
    const [low, high] = bounds;
    if (low === null && high === null) report(at, "it bounds nothing: write a number on one side at least");
    if (typeof low === "number" && typeof high === "number" && low > high)
      report(at, `${low} is above ${high}: write the smaller number first`);
  };
  for (const key of ["between", "length", "row-count", "sum", "mean"] as const) check([...path, key], entry[key]);
  check([...path, "quantile", "between"], entry.quantile?.between);
}

/** What decides about data has to be in the recipe, or a change of it would go by unseen. */
const referencesAreInputs: ModelRule = ({ expect, inputs }, report) => {
  for (const [index, entry] of (expect ?? []).entries()) {
    const file = entry?.references?.file;
    if (file === undefined) continue;
    const path: Path = ["expect", index, "references", "file"];
    const mistake = findPathMistake(file);
    if (mistake !== undefined) report(path, `${showValue(file)} cannot be read: ${mistake}`);
    else if (inputs !== undefined && ![file, ...namePointers(file)].some(compileGlobs(patternsOf(inputs))))
      report(
        path,
        `${showValue(file)} is not among the inputs: add it (or its pointer, where git holds one) to inputs.data or inputs.params`,
      );
  }
};

function patternsOf(inputs: NonNullable<Draft<WrittenModel>["inputs"]>): readonly string[] {
  return [inputs.data, inputs.code, inputs.params]
    .flatMap((globs) => globs ?? [])
    .map((glob) => (typeof glob === "object" ? glob.manifest : glob))
    .filter((glob): glob is string => glob !== undefined && findGlobMistake(glob) === undefined);
}

/** What an expectation must mean. */
export const expectRules: readonly ModelRule[] = [expectationsCheckOneThing, referencesAreInputs];
