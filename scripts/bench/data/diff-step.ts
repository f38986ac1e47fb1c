import { diffData } from "#data/diff/diff-data.ts";
import { openDuckDb } from "#data/open-duckdb.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";

/**
 * One step of the comparison of two Parquet files, in a process of its own: `join`, the yardstick, joins both sides on the
 * key and counts every column of both; `diff` is the whole answer. Prints what it cost.
 */
const [step, before = "", after = ""] = process.argv.slice(2);
const files = { before, after };
const timeoutMs = 600_000;

await import("@duckdb/node-api");
const [cpu, started] = [process.cpuUsage(), performance.now()];
const said = step === "join" ? await join() : await diff();
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(
  JSON.stringify({
    cpuMs: (user + system) / 1_000,
    wallMs: performance.now() - started,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
    said,
  }),
);

async function join(): Promise<string> {
  const db = await openDuckDb({ reads: [before, after], timeoutMs });
  const described = await db.query(
    `SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(${quoteText(before)}))`,
  );
  const columns = (described.get("column_name") ?? []).map((name) => quoteName(String(name)));
  const counts = columns.flatMap((column) => [`count(l.${column})`, `count(r.${column})`]);
  const found = await db.query(
    `SELECT count(*)::DOUBLE AS n, ${counts.join(", ")} FROM read_parquet(${quoteText(before)}) l FULL JOIN read_parquet(${quoteText(after)}) r ON l.id = r.id`,
  );
  await db.close();
  return `${Number(found.get("n")?.[0])} pairs`;
}

async function diff(): Promise<string> {
  const file = (side: "before" | "after") => ({ path: files[side], shown: `${side}.parquet`, name: "t", blob: side });
  const found = await diffData({
    before: [file("before")],
    after: [file("after")],
    key: step === "multiset" ? [] : ["id"],
    label: "plan",
    timeoutMs,
  });
  const examples = found.cells?.reduce((sum, cell) => sum + cell.examples.length, 0);
  return `+${found.rowsAdded} −${found.rowsRemoved} ~${found.rowsChanged}, ${found.cells?.length} columns, ${examples} examples`;
}
