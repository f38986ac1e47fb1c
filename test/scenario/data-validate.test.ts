import { mkdtemp, readFile, rm, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "./cli/run-cli.ts";

let folder: string;

const config = (expect: string): string => `version: 1
models:
  churn:
    inputs: { data: ["data/*.csv"], code: [train.py] }
    train: { run: python train.py, model: m.onnx }
    predict: { run: python predict.py }
    evaluate: { holdout: holdout.csv, task: binary, label: l, score: s }
    gates: [{ metric: auc, at-least: 0.5 }]
    expect: [${expect}]
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trainyard-validate-"));
  await mkdir(join(folder, ".github"));
  await mkdir(join(folder, "data"));
  await writeFile(join(folder, ".github", "trainyard.yml"), config("{ column: age, between: [0, 120] }"));
  const rows = Array.from({ length: 30 }, (_, index) => `${index},${20 + index},${index % 2 === 0 ? "web" : "app"}`);
  await writeFile(join(folder, "data", "week [1].csv"), `id,age,channel\n${rows.join("\n")}\n`);
  await writeFile(join(folder, "bad.csv"), "id,age,channel\n1,200,web\n2,30,\u001b[31mfax\n");
});

afterAll(async () => await rm(folder, { recursive: true, force: true }));

it("trainyard data expect drafts what trainyard data validate holds, of a file with a name like a pattern", async () => {
  const drafted = await runCli(folder, ["data", "expect", "data/week [1].csv", "--out", "expect.yml"]);
  expect(drafted).toMatchObject({ code: 0, stdout: "" });
  const text = await readFile(join(folder, "expect.yml"), "utf8");
  expect(text).toContain("- { column: channel, type: text, not-null: true, in: [app, web] } # ");
  const [held, broken, again] = await Promise.all([
    runCli(folder, ["data", "validate", "data/*.csv", "--expect", "expect.yml", "--json"]),
    runCli(folder, ["data", "validate", "bad.csv", "--expect", "expect.yml"]),
    runCli(folder, ["data", "expect", "data/week [1].csv", "--out", "expect.yml"]),
  ]);
  expect(held.code).toBe(0);
  const record: { expectations: { check: string; column: string }[] } = JSON.parse(held.stdout);
  expect(record).toMatchObject({ schema: "trainyard/validation/1", verdict: "pass" });
  expect(record.expectations.find(({ check, column }) => check === "between" && column === "age")).toEqual({
    expectation: '"age" is between 17 and 52',
    check: "between",
    column: "age",
    columns: [],
    limits: { low: 17, high: 52 },
    where: null,
    mostly: null,
    level: "fail",
    kind: "pass",
    failing: 0,
    of: 30,
    share: 0,
    measured: null,
    examples: [],
    because: '"age" is between 17 and 52: holds for all 30 rows with a value',
    values: [],
    rows: [],
  });
  expect(broken.code).toBe(1);
  expect(broken.stdout).toContain(
    'fail  "age" is between 17 and 52: 1 of 2 rows with a value breaks it (50 %), first bad.csv: row 1 (line 2): 200\n',
  );
  expect(broken.stdout).not.toContain("\u001b");
  expect(broken.stdout).not.toContain("pass");
  expect(broken.stdout).toMatch(/\nOf 11 expectations 3 fail, 8 hold\n$/);
  expect(again.stderr).toContain('Cannot write "expect.yml": it is there already: choose another name');
});

it.concurrent.for<[args: string[], code: number, says: string]>([
  [["bad.csv"], 1, "Of 1 expectation 1 fails"],
  [["bad.csv", "--model", "chrun"], 2, 'Cannot find the model "chrun" in ".github/trainyard.yml": it has churn'],
  [["nothing/*.csv"], 2, 'Cannot read "nothing/*.csv" of FILES: no file matches this pattern'],
  [["bad.csv", "--expect", "gone.yml"], 2, 'Cannot read "gone.yml": there is no such file'],
])("trainyard data validate %s ends with %d", async ([args, code, says]) => {
  const said = await runCli(folder, ["data", "validate", ...args]);
  expect(said.code).toBe(code);
  expect(code === 1 ? said.stdout : said.stderr).toContain(says);
});
