import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .toString()
  .split("\0")
  .filter((path) => path !== "" && path !== "package-lock.json");
const code = files.filter((path) => /^(?:app|actions|scripts)\/.*\.(?:ts|mjs)$/.test(path));

it("a folder of code holds at most 15 files", () => {
  const counts = Map.groupBy(code, (path) => dirname(path));
  const crowded = [...counts]
    .filter(([, paths]) => paths.length > 15)
    .map(([folder, paths]) => `${folder}: ${paths.length}`);
  expect(crowded).toEqual([]);
});

it("the median file of the app is under 100 lines", () => {
  const lines = code.filter((path) => path.startsWith("app/")).map((path) => read(path).split("\n").length - 1);
  expect(lines.toSorted((a, b) => a - b)[Math.floor(lines.length / 2)]).toBeLessThan(100);
});

it("no file is named after nothing", () => {
  const vague = /(?:^|[-/])(?:utils?|helpers?|commons?|misc|managers?|index)(?:[-.]|$)/;
  const named = code.filter((path) => vague.test(basename(path)) && !/^app\/index\.ts$|\/index\.mjs$/.test(path));
  expect(named).toEqual([]);
});

it("tests mock none of our own modules", () => {
  const mocking = files.filter(
    (path) => /^test\/.*\.ts$/.test(path) && /\bvi\.(?:do)?mock\(\s*["'`](?:#|\.)/i.test(read(path)),
  );
  expect(mocking).toEqual([]);
});

it("no file names a path of the machine it was written on", () => {
  const machine = new RegExp(["", "(?:work/(?:main|shared)|root)", ""].join("/"));
  const text = files.filter((path) => /\.(?:ts|mjs|md|json|ya?ml|py|js)$/.test(path));
  expect(text.filter((path) => machine.test(read(path)))).toEqual([]);
});

function read(path: string): string {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return ""; // deleted, not yet committed
  }
}
