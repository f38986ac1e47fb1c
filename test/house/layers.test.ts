import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const load = (id: string) => `import * as it from "${id}";\nexport const kept = it;\n`;

/** One file a row: what it holds, and the rule that has to catch it. */
const forbidden = [
  { file: "app/core/planted/a.ts", text: load("#flow/x.ts"), rule: "no-restricted-imports" },
  { file: "app/core/planted/b.ts", text: load("node:fs/promises"), rule: "no-restricted-imports" },
  { file: "app/core/planted/c.ts", text: load("@octokit/rest"), rule: "no-restricted-imports" },
  { file: "app/core/planted/d.ts", text: load("../names.ts"), rule: "no-restricted-imports" },
  { file: "app/core/planted/e.ts", text: "export const now = Date.now();\n", rule: "no-restricted-properties" },
  { file: "app/core/planted/f.ts", text: "export const home = process.env;\n", rule: "no-restricted-globals" },
  { file: "app/core/planted/g.ts", text: "export const dice = Math.random();\n", rule: "no-restricted-properties" },
  { file: "app/flow/planted/a.ts", text: load("#github/x.ts"), rule: "no-restricted-imports" },
  { file: "app/flow/planted/b.ts", text: load("node:child_process"), rule: "no-restricted-imports" },
  { file: "app/flow/planted/c.ts", text: load("@actions/core"), rule: "no-restricted-imports" },
  { file: "app/github/planted.ts", text: load("#flow/x.ts"), rule: "no-restricted-imports" },
  { file: "app/git/planted.ts", text: load("#data/x.ts"), rule: "no-restricted-imports" },
  { file: "app/data/planted.ts", text: load("#disk/x.ts"), rule: "no-restricted-imports" },
  { file: "app/runner/planted.ts", text: load("@duckdb/node-api"), rule: "no-restricted-imports" },
  { file: "app/disk/planted.ts", text: load("node:child_process"), rule: "no-restricted-imports" },
  { file: "app/store/planted.ts", text: load("#disk/x.ts"), rule: "no-restricted-imports" },
  { file: "app/core/planted/h.ts", text: load("#store/x.ts"), rule: "no-restricted-imports" },
  { file: "app/handlers/planted.ts", text: load("#web/x.ts"), rule: "no-restricted-imports" },
  { file: "app/serve/planted.ts", text: load("#handlers/x.ts"), rule: "no-restricted-imports" },
  { file: "app/web/planted.ts", text: load("#sandbox/x.ts"), rule: "no-restricted-imports" },
  { file: "app/sandbox/planted.ts", text: load("#cli/x.ts"), rule: "no-restricted-imports" },
  { file: "app/cli/planted.ts", text: load("#actions/plan/main.ts"), rule: "no-restricted-imports" },
  { file: "app/cli/b.ts", text: load("#test/x.ts"), rule: "no-restricted-imports" },
  { file: "actions/planted/main.ts", text: load("#sandbox/x.ts"), rule: "no-restricted-imports" },
  { file: "actions/planted/b.ts", text: load("../plan/main.ts"), rule: "no-restricted-imports" },
  { file: "app/planted.ts", text: load("#cli/main.ts"), rule: "no-restricted-imports" },
  { file: "app/git/one.ts", text: 'import "./two.ts";\nexport {};\n', rule: "no-cycle" },
  { file: "app/disk/b.ts", text: "export default 1;\n", rule: "no-default-export" },
  {
    file: "app/disk/c.ts",
    text: "async function act() {}\nexport const run = () => {\n  act();\n};\n",
    rule: "no-floating-promises",
  },
  { file: "app/disk/CamelCase.ts", text: "export const x = 1;\n", rule: "filename-case" },
  { file: "app/disk/long.ts", text: "export {};\n".padEnd(311, "\n"), rule: "max-lines" },
];

const allowed = [
  { file: "app/git/two.ts", text: 'import "./one.ts";\nexport {};\n' },
  { file: "app/core/fine/a.ts", text: load("#core/names.ts") },
  { file: "app/core/fine/b.ts", text: load("zod") },
  { file: "app/core/fine/c.ts", text: load("node:crypto") },
  { file: "app/flow/fine.ts", text: load("#core/names.ts") },
  { file: "app/github/fine.ts", text: load("@octokit/rest") },
  { file: "app/data/fine.ts", text: load("@duckdb/node-api") },
  { file: "app/handlers/fine.ts", text: load("#flow/fine.ts") },
  { file: "app/cli/fine.ts", text: load("#sandbox/x.ts") },
  { file: "actions/fine/main.ts", text: load("#runner/x.ts") },
];

type Finding = { filename: string; code: string; help?: string; message: string };
let findings: Finding[] = [];
const copy = mkdtempSync(join(tmpdir(), "trainyard-layers-"));

beforeAll(() => {
  for (const name of [".oxlintrc.json", "tsconfig.json", "package.json"]) cpSync(join(root, name), join(copy, name));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const { file, text } of [...forbidden, ...allowed]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  }
  findings = lint();
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function lint(): Finding[] {
  const oxlint = join(root, "node_modules", "oxlint", "bin", "oxlint");
  try {
    execFileSync(process.execPath, [oxlint, "--type-aware", "-f", "json"], {
      cwd: copy,
      stdio: "pipe",
      maxBuffer: 1e8,
    });
    return [];
  } catch (error) {
    return (JSON.parse(String((error as { stdout: Buffer }).stdout)) as { diagnostics: Finding[] }).diagnostics;
  }
}

const caught = (file: string) => findings.filter((found) => found.filename === file).map((found) => found.code);

describe("the lint rules of the house", () => {
  it.for(forbidden)("catch $rule in $file", ({ file, rule }) => {
    expect(caught(file).join()).toContain(`(${rule})`);
  });

  it.for(allowed.slice(1))("leave $file alone", ({ file }) => {
    expect(caught(file).filter((code) => /restricted|cycle/.test(code))).toEqual([]);
  });

  it("say what to do instead", () => {
    const said = findings
      .filter((found) => found.filename === "app/core/planted/a.ts")
      .map((found) => `${found.message} ${found.help}`);
    expect(said.join()).toContain("take what you need as an argument");
  });
});
