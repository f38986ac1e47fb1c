import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMachine } from "#actions/machine.ts";
import { parseConfig } from "#core/config/parse.ts";
import type { DataReport } from "#core/evidence.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha, parseCommitSha } from "#core/names.ts";
import { findChanges } from "#core/plan/changes.ts";
import type { Snapshot } from "#core/plan/identify.ts";
import { judgeModel } from "#core/plan/judge-model.ts";
import type { DataSpec } from "#core/plan/plan-record.ts";
import { noFacts } from "#flow/observe/observe-model.ts";
import { planRun } from "#flow/plan/plan-run.ts";
import { openContents } from "#store/contents.ts";
import { folderStore } from "#store/folder-store.ts";
import { addData } from "#store/workspace/add-data.ts";

const root = mkdtempSync(join(tmpdir(), "trainyard-references-"));
const cache = { folder: join(root, "cache") };
const blobs = new Map<string, string>();
const products = "{ column: product, references: { file: data/products.csv, column: id } }";
const commit = parseCommitSha("a".repeat(40));

/** A repository's files: the pointers of data that lies in the cache alone, and code. */
beforeAll(async () => {
  mkdirSync(join(root, "data", "lookup"), { recursive: true });
  writeFileSync(join(root, "data", "products.csv"), "id,price\n1,10\n2,20\n");
  writeFileSync(join(root, "data", "lookup", "shops.csv"), "shop\nA\n");
  writeFileSync(join(root, "data", "orders.csv"), "product,shop\n1,A\n2,A\n3,B\n");
  for (const path of ["data/products.csv", "data/lookup", "data/orders.csv"])
    // oxlint-disable-next-line no-await-in-loop -- one .gitignore
    await addData(root, path, cache);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function entry(path: string): TreeEntry {
  const text = existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : path;
  const blob = parseBlobSha(createHash("sha1").update(text).digest("hex"));
  blobs.set(blob, text);
  return { path, mode: "100644", blob };
}

function snapshot(inputs: string, expectations = products): Snapshot {
  const parsed = parseConfig(`version: 1
models:
  m:
    inputs: ${inputs}
    train: { run: x, model: m.onnx }
    predict: { run: y }
    evaluate: { holdout: h.csv, task: binary, label: l, score: p }
    expect: [${expectations}]
`);
  if (parsed.kind !== "config") throw new Error(parsed.problems.map(({ message }) => message).join("; "));
  const paths = ["data/lookup.dvc", "data/orders.csv.dvc", "data/products.csv.dvc", "h.csv", "train.py"];
  return { commit, tree: new Map(paths.map((path) => [path, entry(path)])), config: parsed.config };
}

function plan(merged: Snapshot): DataSpec {
  const models = findChanges(undefined, merged).map((change) => ({ change, facts: noFacts }));
  const trees = { baseTree: undefined, mergedTree: merged.tree };
  const { data } = planRun({ pull: 1, head: commit, base: commit, objects: [], ...trees, models, train: () => true });
  if (data[0] === undefined) throw new Error("nothing to check");
  return data[0];
}

const check = async (spec: DataSpec, store?: string): Promise<DataReport> =>
  await createMachine({
    folder: join(root, "job"),
    readBlob: async (blob) => await Promise.resolve(Buffer.from(blobs.get(blob) ?? "")),
    fetchBytes: async () => await Promise.reject(new Error("no bytes here")),
    env: {},
    runsOn: "here",
    contents: openContents({
      address: async () => await Promise.resolve(store === undefined ? undefined : { kind: "folder", path: store }),
      open: async () => await Promise.resolve(folderStore(store ?? "")),
      cacheFor: () => ({ folder: join(root, "fetched") }),
    }),
  }).checkData(spec);

describe("references to a file behind a pointer", () => {
  it.for<[what: string, inputs: string, expectations: string]>([
    ["its data, the pointer in params", "{ data: [data/orders.csv.dvc], params: [data/products.csv.dvc] }", products],
    ["its data among the data", "{ data: [data/*.csv.dvc], code: [train.py] }", products],
    [
      "its pointer",
      "{ data: [data/*.csv.dvc] }",
      "{ column: product, references: { file: data/products.csv.dvc, column: id } }",
    ],
    [
      "a file of a folder",
      "{ data: [data/orders.csv.dvc], params: [data/lookup.dvc] }",
      "{ column: shop, references: { file: data/lookup/shops.csv, column: shop } }",
    ],
  ])("are looked up where the config names %s", async ([, inputs, expectations]) => {
    const spec = plan(snapshot(inputs, expectations));
    expect(spec.data.map(({ path }) => path)).toEqual(["data/orders.csv.dvc"]);
    const { expectations: outcomes } = await check(spec, cache.folder);
    expect(outcomes).toMatchObject([{ kind: "fail", rows: [{ file: "data/orders.csv", row: 3 }], of: 3 }]);
  });

  it("say what to do where no store is named, and where the pointer is no input", async () => {
    const { expectations } = await check(plan(snapshot("{ data: [data/*.csv.dvc] }", products)));
    expect(expectations[0]?.because).toMatch(/is a pointer whose data is not here; name a store/);
    expect(() => snapshot("{ data: [data/orders.csv.dvc] }", products)).toThrow(
      '"data/products.csv" is not among the inputs: add it (or its pointer, where git holds one) to inputs.data or inputs.params',
    );
  });

  it("name the pointer where an input names what git does not hold", () => {
    const merged = snapshot("{ data: [data/orders.csv, 'data/lookup/*.csv'], code: [tran.py, data/*.dvc] }");
    const [change] = findChanges(undefined, merged);
    if (change === undefined) throw new Error("no change");
    const options = { expecting: false, informational: false, tree: merged.tree };
    expect(judgeModel(change, noFacts, options)).toMatchObject({
      verdict: {
        because:
          'no file besides the holdout matches "data/orders.csv" (inputs.data), "data/lookup/*.csv" (inputs.data), "tran.py" (inputs.code): git holds a pointer in place of "data/orders.csv"; name its pointer, "data/orders.csv.dvc"; git holds a pointer in place of "data/lookup/*.csv"; name its pointer, "data/lookup.dvc"; correct the pattern, or add the file',
      },
    });
  });
});
