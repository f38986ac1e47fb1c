import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Config } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";
import { planInit } from "#core/init/plan-init.ts";
import { cloneOf } from "#test/core/init/repositories.ts";

// What needs Python is held by npm run test:interop.

const root = join(import.meta.dirname, "../..");
const example = join(root, "examples/churn-python");
const read = (path: string) => readFileSync(join(example, path), "utf8");

function configOf(text: string): Config {
  const parsed = parseConfig(text);
  if (parsed.kind === "problems") throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

it("has a config without a mistake, and the workflow of the docs", () => {
  expect([...configOf(read(".github/trainyard.yml")).models.keys()]).toEqual(["churn"]);
  expect(read(".github/workflows/trainyard.yml")).toBe(readFileSync(join(root, "docs/workflow.yml"), "utf8"));
});

it("has the config that init writes for it, but for the bar that only people can set", () => {
  const paths = readdirSync(example, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(example.length + 1))
    .filter((path) => !path.startsWith(".github/") && !/model\.onnx|\.pyc$|\.venv/.test(path));
  const plan = planInit(cloneOf(Object.fromEntries(paths.map((path) => [path, read(path)]))));
  expect(plan).toMatchObject({ open: [], warnings: [] });
  const [wanted, guessed] = [read(".github/trainyard.yml"), plan.config].map((text) => [
    ...configOf(text).models.values(),
  ]);
  expect(guessed).toEqual(
    wanted?.map((model) => ({ ...model, gates: model.gates.filter((gate) => !JSON.stringify(gate).includes("0.75")) })),
  );
});

it("pins what it needs, and keeps the holdout apart from what is trained on", () => {
  const packages = read("requirements.txt").trim().split("\n");
  expect(packages.filter((line) => !/^[a-z\d-]+==[\d.]+$/.test(line))).toEqual([]);
  const rows = (path: string) => read(path).trim().split("\n").slice(1);
  const trained = new Set(rows("data/train.csv"));
  expect([trained.size, rows("holdout.csv").length]).toEqual([2_000, 1_000]);
  expect(rows("holdout.csv").filter((row) => trained.has(row))).toEqual([]);
});
