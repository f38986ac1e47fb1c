import { stat } from "node:fs/promises";
import type { DataDiff } from "#core/diff/data-diff.ts";
import { DataError } from "#data/data-error.ts";
import { formatOf, type DataFile } from "#data/data-file.ts";
import { openDuckDb, type Database } from "#data/open-duckdb.ts";
import { guarded } from "#data/table/open-source.ts";
import { sayColumns } from "#data/table/read-table.ts";
import { splitNames } from "#data/table/split-names.ts";
import { collectChanges, countCells, findExamples } from "./collect-changes.ts";
import { compareCategories } from "./compare-categories.ts";
import { compareColumns, type Compared } from "./compare-columns.ts";
import { compareLabels, compareNulls, countRows, type Whole } from "./describe-columns.ts";
import { diffColumns } from "./diff-columns.ts";
import { findLeakage } from "./find-leakage.ts";
import { findRenamed } from "./find-renamed.ts";
import { matchAlone, matchByContent, matchByKey, type Matched, type MatchJob } from "./match-rows.ts";
import { openRelation, openSide, type Relation, type Side } from "./open-side.ts";
import { pairFiles, type FileChanges, type VersionedFile } from "./versioned-files.ts";

export type DiffJob = {
  before: readonly VersionedFile[];
  after: readonly VersionedFile[];
  /** columns that together name a row, as they were written: one may be several with commas between */
  key?: readonly string[] | undefined;
  /** a column that may be the key: if it is none, nobody is told */
  likelyKey?: string | undefined;
  label?: string | undefined;
  /** the holdout's files, and the column that names a row of it (default: the key, if it is one); files of `after` with the same name are no training data */
  holdout?: readonly DataFile[] | undefined;
  id?: string | undefined;
  memoryMb?: number | undefined;
  timeoutMs?: number | undefined;
};

/**
 * What two versions of a data set differ in. Rows are paired by key, or else compared as a multiset, over the files whose
 * content changed; a file with the same content in both versions is read only for what is said of the data as a whole
 * (empty values, categories, labels, leakage), and not at all where no file changed. Throws a DataError.
 */
export async function diffData(job: DiffJob): Promise<DataDiff> {
  const files = pairFiles(job.before, job.after);
  const counts = { filesAdded: files.added, filesRemoved: files.removed, filesChanged: files.changed };
  if (files.left.length + files.right.length === 0) return { ...counts, rowsAdded: 0, rowsRemoved: 0 };
  const holdout = (job.holdout ?? []).filter(isTable);
  const kept = files.kept.filter(isTable);
  const all = [...files.left, ...files.right, ...kept];
  const odd = all.find((file) => !isTable(file));
  if (odd !== undefined)
    throw new DataError("unsupported", `Cannot compare the rows of "${odd.shown}": its name is not that of a table`);
  const db = await openDuckDb({
    reads: [...new Set([...all, ...holdout].map(({ path }) => path))],
    memoryMb: job.memoryMb,
    timeoutMs: job.timeoutMs,
  });
  try {
    return await guarded(all, async () => {
      const open = await openAll(db, [...all, ...holdout]);
      const bytes = { before: await sumBytes(job.before), after: await sumBytes(job.after) };
      return { ...counts, ...(await compareVersions(db, { ...job, holdout }, { ...files, kept }, open)), bytes };
    });
  } finally {
    await db.close();
  }
}

const isTable = ({ shown }: DataFile): boolean => formatOf(shown) !== undefined;

type Open = (files: readonly DataFile[]) => readonly Relation[];

/** Opens each file once, however many tables it is part of. */
async function openAll(db: Database, files: readonly DataFile[]): Promise<Open> {
  const relations = new Map<string, Relation>();
  for (const file of files)
    if (!relations.has(file.path))
      // oxlint-disable-next-line no-await-in-loop -- one file in memory at a time
      relations.set(file.path, await openRelation(db, file, relations.size));
  return (wanted) => wanted.flatMap(({ path }) => relations.get(path) ?? []);
}

async function compareVersions(
  db: Database,
  job: DiffJob,
  files: FileChanges,
  open: Open,
): Promise<Omit<DataDiff, "filesAdded" | "filesRemoved" | "filesChanged">> {
  const left = await openSide(db, open(files.left), "left");
  const right = await openSide(db, open(files.right), "right");
  const kept = await openSide(db, open(files.kept), "kept");
  const wholes: readonly [Whole, Whole] = [
    [
      { side: left, at: 0 },
      { side: kept, at: 2 },
    ],
    [
      { side: right, at: 1 },
      { side: kept, at: 2 },
    ],
  ];
  const names = [...new Set([...left.columns, ...right.columns, ...kept.columns].map(({ name }) => name))];
  const compared = await compareColumns(db, [left, right, kept], names);
  const notes: string[] = [];
  const key = splitNames(
    job.key ?? [],
    compared.map(({ name }) => name),
  );
  const { matched, match } = await matchRows(db, { ...job, key }, [left, right], compared, notes);
  await collectChanges(db, matched, match);
  const schema = diffColumns(compared, [left, right, kept]);
  const common = compared.filter(({ name }) => has(name, left, kept) && has(name, right, kept));
  const indexed = match.columns.flatMap((column, index) => (common.includes(column) ? [{ ...column, index }] : []));
  const label = common.find(({ name }) => name === job.label);
  const rows = { before: countRows(wholes[0]), after: countRows(wholes[1]) };
  const id = job.id ?? (key.length === 1 ? key[0] : undefined);
  const { leakage } = await findLeaks(db, { ...job, id }, open);
  if (job.label !== undefined && label === undefined && rows.before > 0 && rows.after > 0)
    notes.push(`Label "${job.label.slice(0, 200)}" is not in both versions; its balance is not compared`);
  if (leakage !== undefined && leakage.byId === null && leakage.byContent === null)
    notes.push("The holdout has no column to compare with the newer version; shared rows cannot be told");
  const both = rows.before > 0 && rows.after > 0;
  return {
    rowsAdded: matched.added,
    rowsRemoved: matched.removed,
    rowsChanged: matched.changed,
    ...(match.key.length === 0 ? {} : { key: match.key.map(({ name }) => name.slice(0, 1_000)) }),
    rows,
    examples: await findExamples(db, match),
    columns: {
      ...schema,
      renamed: await findRenamed(
        db,
        [left, right],
        [schema.removed.map(({ column }) => column), schema.added.map(({ column }) => column)],
        matched.changed !== null,
      ),
    },
    ...(matched.changed === null ? {} : { cells: await countCells(db, match) }),
    nulls: both ? await compareNulls(db, common, wholes) : [],
    categories: both ? await compareCategories(db, indexed, wholes) : [],
    ...(label === undefined ? {} : { labels: await compareLabels(db, label, wholes) }),
    duplicates: matched.duplicates,
    ...(leakage === undefined ? {} : { leakage }),
    notes,
  };
}

const has = (name: string, ...sides: readonly Side[]): boolean =>
  sides.some(({ columns }) => columns.some((column) => column.name === name));

/** By the key that was named, or the likely one, where it names single rows; else as a multiset. */
async function matchRows(
  db: Database,
  { key = [], likelyKey }: DiffJob,
  [left, right]: readonly [Side, Side],
  compared: readonly Compared[],
  notes: string[],
): Promise<{ matched: Matched; match: MatchJob }> {
  const missing = key.find((name) => !compared.some((column) => column.name === name));
  if (missing !== undefined) {
    const names = compared.map(({ name }) => name);
    throw new DataError(
      "missing-column",
      `Column "${missing}" of the key is in neither version: ${sayColumns(missing, names)}`,
    );
  }
  const isIn = (side: Side): ((column: Compared) => boolean) => {
    const own = new Set(side.columns.map(({ name }) => name));
    return ({ name }) => own.has(name);
  };
  const job: MatchJob = { left, right, columns: compared.filter(isIn(left)).filter(isIn(right)), key: [] };
  if (left.relations.length === 0 || right.relations.length === 0) {
    const columns = compared.filter(isIn(left.relations.length === 0 ? right : left));
    return { matched: await matchAlone(db, { ...job, columns }), match: { ...job, columns } };
  }
  const wanted = key.length > 0 ? key : likelyKey === undefined ? [] : [likelyKey];
  const columns = wanted.flatMap((name) => job.columns.find((column) => column.name === name) ?? []);
  const keyed: MatchJob = { ...job, key: columns, columns: job.columns.filter((column) => !columns.includes(column)) };
  const matched =
    wanted.length === 0 || columns.length < wanted.length
      ? `Key ${wanted.map((name) => `"${name}"`).join(", ")} is not in both versions`
      : await matchByKey(db, keyed);
  if (typeof matched !== "string") return { matched, match: keyed };
  if (key.length > 0) notes.push(`${matched}; whole rows are compared instead`.slice(0, 1_000));
  return { matched: await matchByContent(db, job), match: job };
}

async function findLeaks(db: Database, job: DiffJob, open: Open): Promise<Pick<DataDiff, "leakage">> {
  const { holdout = [], after, id, label } = job;
  const held = new Set(holdout.map(({ shown }) => shown));
  const training = after.filter((file) => !held.has(file.shown) && isTable(file));
  if (holdout.length === 0 || training.length === 0) return {};
  return {
    leakage: await findLeakage(db, {
      training: await openSide(db, open(training), "training"),
      holdout: await openSide(db, open(holdout), "holdout"),
      id,
      label,
    }),
  };
}

async function sumBytes(files: readonly DataFile[]): Promise<number> {
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
