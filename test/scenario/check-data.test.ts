import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createMachine } from "#actions/machine.ts";
import { dataReportSchema } from "#core/evidence.ts";
import { encodeProfile } from "#core/profile/profile-json.ts";
import { parseBlobSha, type BlobSha } from "#core/names.ts";
import type { TreeEntry } from "#core/identity/tree.ts";

const folder = mkdtempSync(join(tmpdir(), "trainyard-check-data-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const blobs = new Map<BlobSha, string>();
const read: BlobSha[] = [];
const machine = createMachine({
  folder,
  readBlob: (blob) => {
    read.push(blob);
    return Promise.resolve(new TextEncoder().encode(blobs.get(blob)));
  },
  fetchBytes: () => Promise.reject(new Error("no bytes here")),
  env: {},
  runsOn: "here",
});

const entry = (path: string, text: string): TreeEntry => {
  const blob = parseBlobSha(createHash("sha1").update(text).digest("hex"));
  blobs.set(blob, text);
  return { path, mode: "100644", blob };
};
const weeks = [
  entry("weeks/1.csv", "customer,plan,y\n1,basic,0\n2,pro,1\n"),
  entry("weeks/2.csv", "customer,plan,y\n3,basic,0\n"),
  entry("weeks/3.csv", "customer,plan,y\n6,gold,1\n7,gold,0\n"),
  entry("weeks/4.csv", "customer,plan,y\n4,gold,1\n5,gold,0\n"),
];
const [first, second, third, newest] = weeks;
if (first === undefined || second === undefined || third === undefined || newest === undefined)
  throw new Error("four weeks");
const spec = { model: "churn", expect: [], id: "customer", label: "y" };

it("checkData() compares versions of the data by the likely key, and takes a rolling holdout for no leak", async () => {
  const changed = entry("weeks/1.csv", "customer,plan,y\n1,pro,0\n2,pro,1\n");
  const report = await machine.checkData({
    ...spec,
    before: [first, second],
    data: [changed, second, third, newest],
    holdout: [newest],
  });
  expect(dataReportSchema.parse(report)).toEqual(report);
  expect(report.diff).toMatchObject({
    filesAdded: 1,
    filesChanged: 1,
    rowsAdded: 2,
    rowsRemoved: 0,
    rowsChanged: 1,
    key: ["customer"],
    rows: { before: 3, after: 5 },
    categories: [{ column: "plan", new: { values: 1, rows: 2 } }],
    labels: { column: "y" },
    leakage: { holdoutRows: 2, byId: 0, leaks: false },
  });
});

it("checkData() finds the holdout under another name, and says which key names no row", async () => {
  const copy = entry("weeks/copy.csv", "customer,plan,y\n4,gold,0\n9,basic,0\n9,pro,0\n");
  const report = await machine.checkData({
    ...spec,
    key: ["customer"],
    before: [first, second],
    data: [first, copy, newest],
    holdout: [newest],
  });
  expect(report.diff).toMatchObject({
    leakage: { holdoutRows: 2, byId: 1, leaks: true },
    notes: [expect.stringContaining(`names more than one row: '9' is in "weeks/copy.csv: row 2"`)],
  });
});

it("checkData() reads nothing where no file changed, and tells of a file that cannot be read", async () => {
  read.length = 0;
  const training = [first, second, third];
  const same = await machine.checkData({ ...spec, before: training, data: weeks.toReversed(), holdout: [newest] });
  expect(same.diff).toEqual({ filesAdded: 0, filesRemoved: 0, filesChanged: 0, rowsAdded: 0, rowsRemoved: 0 });
  expect(read).toEqual([]);
  const broken = entry("weeks/2.csv", "customer,plan,y\n1,2\n");
  const report = await machine.checkData({ ...spec, before: training, data: [first, broken], holdout: [newest] });
  expect(report.diff).toMatchObject({
    filesRemoved: 1,
    filesChanged: 1,
    rowsAdded: null,
    notes: [expect.stringContaining('Cannot read "weeks/2.csv"')],
  });
});

it("profile() takes stored profiles for the reference, merged, and says which file is none", async () => {
  const order = { current: [newest], columns: undefined, names: [], without: ["customer"] };
  const whole = await machine.profile({ ...order, reference: [first, second] });
  const stored = await Promise.all(
    [first, second].map(async ({ path }, index) => {
      const one = await machine.profile({ ...order, reference: [[first, second][index] ?? first] });
      return entry(`profiles/${index}.json`, JSON.stringify(encodeProfile(one.reference, { files: [{ name: path }] })));
    }),
  );
  const found = await machine.profile({ ...order, reference: stored });
  expect(encodeProfile(found.reference, { files: [] })).toEqual(encodeProfile(whole.reference, { files: [] }));
  expect(found.current).toEqual(whole.current);
  await expect(machine.profile({ ...order, reference: [entry("p.json", "{}")] })).rejects.toThrow(
    'Cannot read "p.json" as a profile: ',
  );
});
