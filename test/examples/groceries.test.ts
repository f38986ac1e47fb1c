import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "#core/config/parse.ts";

// The numbers are those of the data's own description, measured there by another program. The measure is written here
// once more, without Trainyard: this is about the example alone.

const example = join(import.meta.dirname, "../../examples/groceries");
const nameOf = (week: number) => `week-${String(week).padStart(2, "0")}.csv`;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

let place = "";
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "trainyard-groceries-"));
  execFileSync(process.execPath, [join(example, "source/split.ts"), join(place, "all"), "--to", "52"], { env: {} });
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

let folders = 0;
/** A copy of the example with some weeks of data and some changes on top. */
function copy(weeks: readonly number[], changes: readonly string[] = []): string {
  const folder = join(place, `copy-${(folders += 1)}`);
  mkdirSync(join(folder, "data/weeks"), { recursive: true });
  for (const part of ["src", "params.json", "warehouse.json"])
    cpSync(join(example, part), join(folder, part), { recursive: true });
  for (const change of changes) cpSync(join(example, "changes", change), folder, { recursive: true });
  for (const week of weeks) cpSync(join(place, "all", nameOf(week)), join(folder, "data/weeks", nameOf(week)));
  return folder;
}

function run(folder: string, script: string, env: Record<string, string> = {}): number {
  const startedAt = performance.now();
  execFileSync(process.execPath, [script], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  return performance.now() - startedAt;
}

const readRows = (file: string) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));
const rowsOf = (weeks: readonly number[]) => weeks.flatMap((week) => readRows(join(place, "all", nameOf(week))));

/** NDCG@10 of each household on what is new to it in four weeks, ties by item. */
function measure(answer: (rows: string, predictions: string) => void, first: number): Map<number, number> {
  const recent = rowsOf(range(first - 12, first - 1));
  const known = new Set(recent.map(([household, item]) => `${household} ${item}`));
  const regular = new Set(recent.map(([household]) => household ?? 0));
  const sold = rowsOf(range(first, first + 3));
  const rows = join(place, "rows.csv");
  writeFileSync(rows, `household\n${[...new Set(sold.map(([household]) => household))].join("\n")}\n`);
  answer(rows, join(place, "predictions.csv"));
  const rankings = Map.groupBy(readRows(join(place, "predictions.csv")), ([household]) => household ?? 0);
  const wanted = Map.groupBy(
    sold.filter(([household, item]) => !known.has(`${household} ${item}`)),
    ([household]) => household ?? 0,
  );
  const gain = (rank: number) => 1 / Math.log2(rank + 2);
  const result = new Map<number, number>();
  for (const [household, purchases] of wanted) {
    if (!regular.has(household)) continue;
    const items = new Set(purchases.map(([, item]) => item));
    const best = (rankings.get(household) ?? [])
      .toSorted((a, b) => (b[2] ?? 0) - (a[2] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0))
      .slice(0, 10);
    const ideal = range(0, Math.min(10, items.size) - 1).reduce((sum, rank) => sum + gain(rank), 0);
    result.set(household, best.reduce((sum, [, item], rank) => sum + (items.has(item) ? gain(rank) : 0), 0) / ideal);
  }
  return result;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function compare(a: Map<number, number>, b: Map<number, number>) {
  const differences = [...a].map(([household, value]) => value - (b.get(household) ?? NaN));
  const point = mean(differences);
  const half = 1.96 * Math.sqrt(mean(differences.map((value) => (value - point) ** 2)) / (differences.length - 1));
  return { point, low: point - half, high: point + half };
}

/** Trains on some weeks and returns the model's path. */
function train(last: number, changes: readonly string[] = []): { model: string; tookMs: number; folder: string } {
  const folder = copy(range(1, last), changes);
  const tookMs = run(folder, "src/train.js");
  return { model: join(folder, "model.onnx"), tookMs, folder };
}
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
const popularity = once(() => train(24));
const coPurchase = once(() => train(24, ["co-purchase"]));
const predict = (model: string, first: number, script = "src/predict.js") =>
  measure(
    (rows, predictions) =>
      run(copy(range(first - 24, first - 1)), script, { MODEL: model, ROWS: rows, PREDICTIONS: predictions }),
    first,
  );

describe("the groceries example", () => {
  it("has a config without a mistake", () => {
    const parsed = parseConfig(readFileSync(join(example, ".github/trainyard.yml")));
    expect(parsed.kind === "problems" ? parsed.problems : []).toEqual([]);
  });

  it("tells its story: co-purchase beats popularity, and the baseline", () => {
    expect(Math.max(popularity().tookMs, coPurchase().tookMs)).toBeLessThan(10_000);
    const before = predict(popularity().model, 25);
    const after = predict(coPurchase().model, 25);
    expect(before.size).toBe(1_872);
    expect(mean([...before.values()])).toBeCloseTo(0.1623, 3);
    expect(mean([...after.values()])).toBeCloseTo(0.2062, 3);
    const gain = compare(after, before);
    expect(gain.low).toBeGreaterThan(0.036);
    expect(gain.point).toBeGreaterThan(0.038);
    expect(gain.point).toBeLessThan(0.0497);
    expect(compare(after, predict(coPurchase().model, 25, "src/popular.js")).low).toBeGreaterThan(0.03);
    expect(readFileSync(join(coPurchase().folder, "metrics.jsonl"), "utf8").trim().split("\n")).toHaveLength(8);
  });

  it("goes on: the world drifts, and the model trained again on what is new gains", () => {
    const old = predict(coPurchase().model, 45);
    const fresh = predict(train(44, ["co-purchase"]).model, 45);
    const gain = compare(fresh, old);
    expect(gain.low).toBeGreaterThan(0.005);
    expect(gain.point).toBeCloseTo(0.0122, 2);
  });

  it("trains to the same bytes every time, and going back to popularity is worse", () => {
    expect(readFileSync(train(24).model).equals(readFileSync(popularity().model))).toBe(true);
    const loss = compare(
      predict(train(24, ["co-purchase", "popularity-again"]).model, 25),
      predict(coPurchase().model, 25),
    );
    expect(loss.high).toBeLessThan(-0.03);
  });

  it("fetches what is new for watching, and collects it for training", () => {
    const warehouse = join(place, "warehouse");
    mkdirSync(warehouse);
    for (const week of range(29, 36)) cpSync(join(place, "all", nameOf(week)), join(warehouse, nameOf(week)));
    const watched = copy(range(1, 28));
    writeFileSync(join(watched, "warehouse.json"), JSON.stringify({ folder: warehouse }));
    run(watched, "src/fetch.js");
    const retrained = copy(range(1, 28));
    run(retrained, "src/collect.js", { WAREHOUSE: warehouse });
    for (const folder of [watched, retrained]) {
      expect(readdirSync(join(folder, "data/weeks"))).toEqual(range(1, 36).map(nameOf));
      expect(readdirSync(folder).toSorted()).toEqual(["data", "params.json", "src", "warehouse.json"]);
    }
    expect(() => run(copy([1]), "src/fetch.js", { WAREHOUSE: join(place, "nowhere") })).toThrow(/There is no folder/);
  });
});
