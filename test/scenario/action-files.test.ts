import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { readAction } from "#sandbox/actions/workflow/read-action.ts";

const root = join(import.meta.dirname, "..", "..");
const named = z.record(z.string(), z.object({ description: z.string(), required: z.boolean().optional() }).loose());
const schema = z.object({ inputs: named.optional(), outputs: named.optional(), runs: z.object({ main: z.string() }) });

/** Each action by the folder of its code: the one at the root lives in actions/loop. */
const actions = globSync("actions/*/index.mjs", { cwd: root })
  .map((path) => path.split(/[\\/]/)[1] ?? "")
  .toSorted()
  .map((name) => ({ name, file: name === "loop" ? "action.yml" : `actions/${name}/action.yml` }));

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Every source file that an action's entry reaches. */
function sourcesOf(name: string): readonly string[] {
  const seen = new Set([`actions/${name}/main.ts`]);
  for (const path of seen) {
    for (const [, id = ""] of read(path).matchAll(/(?:from|import\() ?"((?:#[a-z]+|\.)\/[^"]+\.ts)"/g)) {
      const folder = path.slice(0, path.lastIndexOf("/"));
      if (id.startsWith("#actions/")) seen.add(id.slice(1));
      else seen.add(id.startsWith("#") ? `app/${id.slice(1)}` : join(folder, id));
    }
  }
  return [...seen];
}

function findNames(name: string, call: RegExp): readonly string[] {
  const found = sourcesOf(name).flatMap((path) => [...read(path).matchAll(call)].map((match) => match[1] ?? ""));
  return [...new Set(found)].toSorted();
}

describe.for(actions)("the action $name", ({ name, file }) => {
  const definition = schema.parse(parse(read(file)));

  it("can be read by GitHub's own parser, and starts a file that is there", async () => {
    const reading = await readAction(file, read(file));
    expect(reading.kind === "invalid" ? reading.problems : []).toEqual([]);
    expect(existsSync(join(root, file, "..", definition.runs.main))).toBe(true);
  });

  it("declares the inputs that it reads, and no others", () => {
    const inputs = findNames(name, /\bgetInput\("([a-z-]+)"/g);
    expect(Object.keys(definition.inputs ?? {}).toSorted()).toEqual(inputs);
  });

  it("declares the outputs that it sets, and no others", () => {
    const outputs = findNames(name, /\bsetOutput\("([a-z-]+)"/g);
    expect(Object.keys(definition.outputs ?? {}).toSorted()).toEqual(outputs);
  });

  it("has a README that names them all", () => {
    const rows = [...read(`actions/${name}/README.md`).matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1]);
    expect(rows).toEqual([...Object.keys(definition.inputs ?? {}), ...Object.keys(definition.outputs ?? {})]);
  });

  it("defaults its token to the job's, and asks for none where it needs none", () => {
    const token = definition.inputs?.["token"];
    expect(token?.["default"]).toBe(name === "verdict" ? undefined : "${{ github.token }}");
  });

  it("hides its start from the team's commands where it runs any", () => {
    const runsTeamCode = findNames(name, /\b(quoteOutput)\(/g).length > 0;
    const seals = read(`actions/${name}/index.mjs`).includes("runsTeamCode: true");
    // `prepare` and `evaluate` reach the machine, and use it for data alone.
    expect(seals).toBe(runsTeamCode && !["prepare", "evaluate"].includes(name));
  });
});

it("what judges, promotes, reports or watches restores no cache: whoever wrote it was not asked what it says", () => {
  const reaching = actions
    .map(({ name }) => name)
    .filter((name) => sourcesOf(name).some((path) => path.includes("actions/cache/")));
  // `answer` is `train` with tasks that keep no folders
  expect(reaching).toEqual(["loop", "train", "warm"]);
  expect(read(".github/workflows/loop.yml")).not.toMatch(/actions\/cache|cache:/);
  const speaking = globSync(["actions/**/*.ts", "app/**/*.ts"], { cwd: root }).filter((file) =>
    read(file).includes('"@actions/cache"'),
  );
  expect(speaking).toEqual(["actions/cache/service-store.ts"]);
});

it("the machine that trains needs nothing native: its code reaches no data engine", () => {
  expect(sourcesOf("prepare").some((path) => path.startsWith("app/data/"))).toBe(true);
  expect(sourcesOf("train").filter((path) => path.startsWith("app/data/"))).toEqual([]);
});
