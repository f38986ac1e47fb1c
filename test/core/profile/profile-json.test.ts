import { deflateSync } from "fflate";
import { expect, it } from "vitest";
import { LevelCounts } from "#core/profile/level-counts.ts";
import { mergeProfiles } from "#core/profile/merge-profiles.ts";
import { storedBins } from "#core/profile/number-bins.ts";
import { NumberCounter } from "#core/profile/number-counter.ts";
import { decodeProfile, encodeProfile, type ProfileRecord } from "#core/profile/profile-json.ts";
import type { ColumnSummary, TableProfile } from "#core/profile/table-profile.ts";

let state = 3;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;

type Row = { few: number; many: number; tiny: number; odd: number; plan: string; user: string; id: string };

const rows: Row[] = Array.from({ length: 70_000 }, (_, index) => ({
  few: Math.floor(random() * 9) / 10,
  many: Math.log(random()) * (random() < 0.5 ? -1 : 1),
  tiny: 1e12 + Math.floor(random() * 1e4),
  odd: [Number.NaN, Infinity, -Infinity, 1.5][index % 4] ?? 0,
  plan: `plan "${Math.floor(random() * 5)}"`,
  user: `üser-${Math.floor(random() * 3_000)}`,
  id: `id ${index}`,
}));

function profile(part: readonly Row[]): TableProfile {
  const numbers = (name: "few" | "many" | "tiny" | "odd"): ColumnSummary => {
    const counter = new NumberCounter();
    counter.take(
      Float64Array.from(part, (row) => row[name]),
      part.length,
    );
    return { name, nulls: 0, type: "number", numbers: counter.summary() };
  };
  const levels = (name: "plan" | "user" | "id"): ColumnSummary => {
    const counts = new LevelCounts();
    for (const row of part) counts.add(row[name]);
    return { name, nulls: 0, type: "text", levels: counts };
  };
  return {
    rows: part.length,
    columns: [
      numbers("few"),
      numbers("many"),
      numbers("tiny"),
      numbers("odd"),
      levels("plan"),
      levels("user"),
      levels("id"),
      { name: "nothing", nulls: part.length, type: "empty" },
      { name: "list", nulls: 0, type: "nested" },
    ],
  };
}

const stored = (part: TableProfile): ProfileRecord => encodeProfile(part, { files: [] });
const through = (part: TableProfile): TableProfile => decodeProfile(JSON.parse(JSON.stringify(stored(part))));

it("gives back what was stored, and parts that were stored are the whole, exactly", () => {
  const whole = profile(rows);
  expect(stored(through(whole))).toEqual(stored(whole));
  const parts = [rows.slice(0, 100), rows.slice(100, 69_000), rows.slice(69_000)].map((part) => through(profile(part)));
  const merged = mergeProfiles(parts.toReversed());
  expect(stored(merged)).toEqual(stored(whole));
  const many = whole.columns[1];
  const again = through(whole).columns[1];
  if (many === undefined || again === undefined || !("numbers" in many) || !("numbers" in again))
    throw new Error("no numbers");
  expect(again.numbers.bins.entries()).toEqual(many.numbers.bins.fitted(storedBins).entries());
  expect(JSON.stringify(stored(whole)).length).toBeLessThan(60_000);
});

it("refuses what is no profile, and names the place", () => {
  const record = stored(profile(rows.slice(0, 3_000)));
  const broken = (path: string, value: unknown): (() => unknown) => {
    const copy: unknown = structuredClone(record);
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let place = copy;
    for (const key of keys) place = Reflect.get(Object(place), key);
    Reflect.set(Object(place), last, value);
    return () => decodeProfile(copy);
  };
  expect(() => decodeProfile(null)).toThrow("Cannot read the profile: it is not as it must be");
  expect(broken("rows", -1)).toThrow('"rows" is not as it must be');
  expect(broken("rows", 5)).toThrow('"columns.0" ("few") is not as it must be: it has 0 nulls');
  expect(broken("columns.0.name", "many")).toThrow('"columns.1" ("many") comes twice');
  expect(broken("columns.0.numbers.exact.counts", [1])).toThrow("has not as many counts as values");
  expect(broken("columns.0.numbers.exact", undefined)).toThrow('needs either "exact" or "bins"');
  expect(broken("columns.1.numbers.bins.bits", 99)).toThrow("it has 99 bits");
  expect(broken("columns.1.numbers.bins.runs", "AAAA")).toThrow('("many") is not as it must be');
  expect(broken("columns.1.numbers.bins.runs", "nonsense")).toThrow("it is not deflated Base64");
  expect(broken("columns.1.numbers.max", -99)).toThrow("least and greatest value");
  expect(broken("columns.4.levels.all.0.1", 0)).toThrow('"columns.4.levels.all.0.1"');
  expect(broken("columns.5.levels.packed", "AAAA")).toThrow('("user")');
  expect(broken("columns.7.nulls", 1)).toThrow('("nothing")');
  // a small text that unfolds to 30 MB
  const bomb = Buffer.from(deflateSync(new Uint8Array(30_000_000), { level: 9 })).toString("base64");
  expect(broken("columns.1.numbers.bins.runs", bomb)).toThrow("it unfolds to more than");
});
