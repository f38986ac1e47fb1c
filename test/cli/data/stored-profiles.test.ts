import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { runProfile } from "#cli/data/profile/run-profile.ts";

const folder = mkdtempSync(join(tmpdir(), "trainyard-profiles-"));
const at = (name: string): string => join(folder, name);
const [first, second, copy] = ["a.json", "b.json", "copy.json"].map(at) as [string, string, string];

async function profile(files: readonly string[], options: object = {}): Promise<string> {
  let said = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => ((said += String(text)), true));
  try {
    await runProfile(files, { dialect: "spark", ...options });
    return said;
  } finally {
    write.mockRestore();
  }
}

beforeAll(async () => {
  for (const [out, rows] of [
    [first, "1\n2\n"],
    [second, "3\n4\n"],
  ] as const) {
    writeFileSync(`${out}.csv`, `a\n${rows}`);
    // oxlint-disable-next-line no-await-in-loop -- one engine at a time
    await profile([`${out}.csv`], { out, ...(out === second ? { shard: "1/2" } : {}) });
  }
  writeFileSync(copy, readFileSync(first));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a stored profile is shown as it is, a part of a whole too", async () => {
  expect(await profile([first])).toBe(await profile([`${first}.csv`]));
  expect(await profile([first], { json: true })).toBe(readFileSync(first, "utf8"));
  expect(await profile([second])).toMatch(/^1 row, 1 column/);
  await expect(profile([first, second])).rejects.toThrow(/a profile by its name; say --merge/);
  await expect(profile([first], { columns: "a" })).rejects.toThrow(/Cannot show a profile with --columns/);
  writeFileSync(at("other.json"), "{}");
  await expect(profile([at("other.json")])).rejects.toThrow(/Cannot read ".*other.json" of FILES: .*; make one with/);
});

it("the same profile twice is refused, whatever it is called", async () => {
  await expect(profile([first, first], { merge: true })).rejects.toThrow(/a.json" of --merge: it is named twice/);
  await expect(profile([first, copy], { merge: true })).rejects.toThrow(/a.json" and ".*copy.json" are the same/);
});
