import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { digestSetup, type SetupFacts } from "#core/plan/digest-setup.ts";
import { createSetupCache } from "#actions/cache/setup-cache.ts";
import type { Trigger } from "#actions/trigger.ts";
import { code, params } from "#test/runner/task-fixture.ts";
import { jobOfRun } from "./job-of-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trainyard-cache-"));
  vi.stubEnv("TRAINYARD_CACHE", join(folder, "kept"));
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const facts: SetupFacts = { run: "uv sync", container: undefined, cache: ["~/.cache/uv"], inputs: [code, params] };
const changed: SetupFacts = { ...facts, inputs: [code] };
const wheel = (): string => join(homedir(), ".cache/uv/wheels/a.whl");
const push: Trigger = { kind: "push" };
const pull = (number: number, fork = false): Trigger => ({ kind: "pull", number, fork });
const comment: Trigger = {
  kind: "comment",
  comment: { id: 1, issue: 7, isPull: true, body: "/train", author: "ada", bot: false, at: new Date(0) },
};

/** A set-up on a fresh machine, which fetches what is not there; answers what was there before it. */
async function setUp(trigger: Trigger, of: SetupFacts = facts): Promise<string> {
  vi.stubEnv("HOME", mkdtempSync(join(folder, "home-")));
  await using served = await jobOfRun({}, {}, { trigger });
  const cache = createSetupCache(served.job, of);
  await cache.restore();
  const found = existsSync(wheel()) ? readFileSync(wheel(), "utf8") : "";
  if (found === "") {
    mkdirSync(dirname(wheel()), { recursive: true });
    writeFileSync(wheel(), `of ${trigger.kind}`);
  }
  await cache.save();
  expect(served.calls()).toEqual([]);
  return found;
}
const states = (scope: string): readonly string[] => {
  const at = join(folder, "kept/acme/shop", scope);
  return existsSync(at) ? readdirSync(at) : [];
};

describe("folders of a set-up, kept on the machine", () => {
  it("by a push are there for every pull request, also where its files ask for something else", async () => {
    expect(await setUp(push)).toBe("");
    expect(await setUp(pull(7))).toBe("of push");
    expect(await setUp(pull(8), changed)).toBe("of push");
    expect(await setUp(comment)).toBe("of push");
    // it brought nothing new
    expect([states("default").length, states("pull-7"), states("pull-8")]).toEqual([1, [], []]);
  });

  it("by a pull request are there for itself alone", async () => {
    expect(await setUp(pull(7))).toBe("");
    expect(await setUp(pull(7))).toBe("of pull");
    expect(await setUp(pull(8))).toBe("");
    expect(await setUp(push)).toBe("");
    expect(await setUp(pull(8, true))).toBe("of push");
  });

  it.for<[who: string, trigger: Trigger]>([
    ["a fork", pull(7, true)],
    ["a comment, which may train a pull request on the default branch", comment],
    ["a dispatch, likewise", { kind: "train", pull: 7, head: "", again: false }],
    ["a merge group", { kind: "group", head: "", ref: "" }],
  ])("are never kept by %s", async ([, trigger]) => {
    await setUp(trigger);
    expect([...states("default"), ...states("pull-7")]).toEqual([]);
  });

  it("of another command or another list of folders are others", async () => {
    await setUp(push);
    expect(await setUp(push, { ...facts, run: "pip install -r requirements.txt" })).toBe("");
    expect(await setUp(push, { ...facts, cache: ["~/.cache/uv", "~/.cache/pip"] })).toBe("");
    const container = `ghcr.io/acme/train@sha256:${"0".repeat(64)}`;
    expect(await setUp(push, { ...facts, container })).toBe("");
  });

  it("are at most four states of a scope", async () => {
    for (const text of ["1", "2", "3", "4", "5", "6"]) await setUp(push, { ...facts, run: text });
    expect(states("default")).toHaveLength(4);
  });
});

it("a machine that keeps nothing, and a service that is not there, fail no set-up", async () => {
  writeFileSync(join(folder, "kept"), "a file");
  expect(await setUp(push)).toBe("");
  vi.stubEnv("TRAINYARD_CACHE", "");
  vi.stubEnv("ACTIONS_RESULTS_URL", undefined);
  vi.stubEnv("ACTIONS_CACHE_URL", undefined);
  expect(await setUp(push)).toBe("");
});

it("digestSetup() names a set-up by its command, its image, its folders and its files", () => {
  const { exact, like } = digestSetup(facts);
  expect(exact.startsWith(`${like}-`)).toBe(true);
  expect(digestSetup(changed)).toEqual({ like, exact: expect.not.stringMatching(exact) });
  for (const other of [{ run: "x" }, { container: "y" }, { cache: ["~/z"] }])
    expect(digestSetup({ ...facts, ...other }).like).not.toBe(like);
});
