import { execFile } from "node:child_process";
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { splitWeeks } from "#cli/demo/split-weeks.ts";
import { params, repositoryFiles } from "#test/flow/story/repository-files.ts";
import { openTestClone, type TestClone } from "./cli/clone.ts";
import { root, runCli, startCli, still, type Said } from "./cli/run-cli.ts";

const run = promisify(execFile);
/** as nobody else sleeps */
const sleep = `sleep ${1_000_000 + process.pid}`;
const files = repositoryFiles("actions", { churn: {} });
const check = async (clone: TestClone, ...args: readonly string[]): Promise<Said> =>
  await runCli(clone.folder, ["check", ...args], { TMPDIR: clone.temporary });
const steps = ({ stderr }: Said): readonly string[] =>
  stderr.split("\n").flatMap((line) => /^ *[\d.]+ s {2}(.*)$/.exec(line)?.[1] ?? []);

describe("trainyard check in a clone", () => {
  let clone: TestClone;
  let before: string;

  beforeAll(async () => {
    clone = await openTestClone(files);
  });
  afterAll(async () => {
    await clone[Symbol.asyncDispose]();
  });

  it("says what a better candidate's pull request would say, and changes nothing", async () => {
    await clone.commit({ "churn/params.txt": params(0.8) }, "Better");
    before = await clone.digest();
    const said = await check(clone);
    expect(still(said.stdout)).toMatchInlineSnapshot(`
      "work (‹commit›) into main (‹commit›)

      🟢 churn: better than production as main makes it. Merging ships it to production

      400 customers, holdout.csv  production  this pull request  difference (95 % interval)  gate
      AUC ↑                             0.73               0.91      +0.18 (+0.15 to +0.22)  🟢 at least 0.6; 🟢 at most 0.01 worse

      80 newly right, 14 newly wrong

      Trained on ‹commit› in ‹time› on this machine

      For head ‹commit›
      "
    `);
    expect(steps(said)).toMatchInlineSnapshot(`
      [
        "training churn in production",
        "checking the data of churn",
        "training churn as it would be merged",
        "comparing churn",
      ]
    `);
    expect(said.code).toBe(0);
    expect(await clone.digest()).toBe(before);
    expect(await clone.git("status", "--porcelain")).toBe("");
  });

  it("does nothing twice", async () => {
    const said = await check(clone);
    expect(said).toMatchObject({ code: 0, stderr: "" });
    const json = JSON.parse((await check(clone, "--json")).stdout);
    expect(json).toMatchObject({
      schema: "trainyard/check/1",
      green: true,
      trained: 0,
      head: { branch: "work", dirty: false },
    });
    expect(json.models).toMatchObject([
      {
        name: "churn",
        verdict: "pass",
        recipe: expect.stringMatching(/^[0-9a-f]{64}$/),
        evaluation: expect.stringMatching(/^[0-9a-f]{64}$/),
        units: { count: 400, name: "customer" },
        metrics: [
          {
            name: "auc",
            candidate: { n: 400 },
            versusProduction: { low: expect.any(Number), high: expect.any(Number) },
          },
        ],
        gates: [
          { kind: "at-least", metric: "auc", verdict: "pass" },
          { kind: "versus", metric: "auc", verdict: "pass" },
        ],
      },
    ]);
  });

  it("includes what is not committed, and says so", async () => {
    await clone.write({ "churn/params.txt": params(0.1) });
    before = await clone.digest();
    const said = await check(clone);
    expect(still(said.stdout)).toMatchInlineSnapshot(`
      "work (‹commit› and uncommitted changes) into main (‹commit›)

      🔴 churn: refused: AUC must be at least 0.6: it is 0.539 (0.482 to 0.596); AUC is 0.191 worse than production (0.168 to 0.215), more than the 0.01 allowed

      400 customers, holdout.csv  production  this pull request  difference (95 % interval)  gate
      AUC ↑                            0.731              0.539   −0.191 (−0.215 to −0.168)  🔴 at least 0.6; 🔴 at most 0.01 worse

      - 🔴 AUC must be at least 0.6: it is 0.539 (0.482 to 0.596)
      - 🔴 AUC is 0.191 worse than production (0.168 to 0.215), more than the 0.01 allowed

      1 newly right, 51 newly wrong

      Trained on ‹commit› in ‹time› on this machine

      For head ‹commit›
      "
    `);
    // what is in production has been trained before
    expect(steps(said)).toMatchInlineSnapshot(`
      [
        "checking the data of churn",
        "training churn as it would be merged",
        "comparing churn",
      ]
    `);
    expect(said.code).toBe(1);
    expect(await clone.digest()).toBe(before);
  });

  it("trains nothing where it is asked not to", async () => {
    await clone.write({ "churn/params.txt": params(0.7) });
    const said = await check(clone, "--no-train");
    expect(still(said.stdout)).toMatchInlineSnapshot(`
      "work (‹commit› and uncommitted changes) into main (‹commit›)

      🟡 churn: not trained yet: this machine has not trained "churn": run "trainyard check" without --no-train

      For head ‹commit›
      "
    `);
    expect(said).toMatchObject({ code: 1, stderr: "" });
  });

  it("is green at once where no model is affected", async () => {
    await clone.git("checkout", "--quiet", "--force", "-B", "docs", "origin/main");
    await clone.write({ "README.md": "# The shop\n" });
    const said = await check(clone);
    expect(still(said.stdout)).toMatchInlineSnapshot(`
      "docs (‹commit› and uncommitted changes) into main (‹commit›)

      🟢 No model is affected

      For head ‹commit›
      "
    `);
    expect(said).toMatchObject({ code: 0, stderr: "" });
  });

  it("says that nothing differs", async () => {
    await clone.git("checkout", "--quiet", "--force", "-B", "same", "origin/main");
    const said = await check(clone);
    expect(still(said.stdout)).toMatchInlineSnapshot(`
      "same (‹commit›) into main (‹commit›)

      Nothing here differs from main: change something and run this again
      "
    `);
    expect(said.code).toBe(0);
    await clone.git("checkout", "--quiet", "main");
    expect((await check(clone)).stdout.split("\n")[2]).toBe(
      "Nothing here differs from main: work on a branch (git switch -c my-change), change something there and run this again",
    );
    await clone.commit({ "README.md": "# More\n" }, "More");
    await clone.git("checkout", "--quiet", "-B", "main2", "main");
    await clone.git("update-ref", "refs/remotes/origin/main", "HEAD");
    expect((await check(clone)).stdout.split("\n")[2]).toBe(
      "Nothing here differs from main: change something and run this again. What the last commit changed: --base HEAD~1",
    );
  });

  it("compares with any commit", async () => {
    await clone.git("checkout", "--quiet", "--force", "work");
    const said = await check(clone, "--base", "HEAD~1");
    expect(still(said.stdout).split("\n")[0]).toBe("work (‹commit›) into HEAD~1 (‹commit›)");
    expect(said).toMatchObject({ code: 0, stderr: "" });
  });

  it("shows the end of the log of a command that fails", async () => {
    await clone.write({ "churn/train.sh": "echo 'no data today'\nexit 3\n" });
    const said = await check(clone);
    expect(still(said.stdout)).toMatchInlineSnapshot(`
      "work (‹commit› and uncommitted changes) into main (‹commit›)

      🔴 churn: could not be judged: The "train" command exited 3: its log ends with the reason

      Failed while training (candidate-churn): The "train" command exited 3: its log ends with the reason

          no data today

      For head ‹commit›
      "
    `);
    expect(said.code).toBe(2);
  });

  it("has the recipe of what was tagged stand in for production", async () => {
    await clone.git("checkout", "--quiet", "--force", "-B", "tagged", "work");
    const recipe = JSON.parse((await check(clone, "--json")).stdout).models[0].production.recipe;
    const facts = { recipe, artifact: "a".repeat(64), run: "runs/x.json", evaluation: null, pull: null };
    const move = { ...facts, version: "v1.0.0", by: null, why: "a start" };
    await clone.git(
      "tag",
      "-a",
      "churn@v1.0.0",
      "-m",
      `Registering\n\ntrainyard: ${JSON.stringify(facts)}`,
      "origin/main",
    );
    await clone.git(
      "tag",
      "-a",
      "churn#production#1",
      "-m",
      `Assigning\n\ntrainyard: ${JSON.stringify(move)}`,
      "origin/main",
    );
    const said = await check(clone);
    expect(still(said.stdout).split("\n")[2]).toMatchInlineSnapshot(
      `"🟢 churn: better than production v1.0.0. Merging ships it as v1.1.0 to production"`,
    );
    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(said.stdout).toContain("churn v1.0.0 was trained again here, and its bytes differ from the released ones");
    const config = files[".github/trainyard.yml"] ?? "";
    await clone.write({ ".github/trainyard.yml": config.replace("  churn:\n", "  leavers:\n    was: churn\n") });
    const renamed = await check(clone);
    expect(still(renamed.stdout)).toMatchInlineSnapshot(`
      "tagged (‹commit› and uncommitted changes) into main (‹commit›)

      🟢 leavers: better than production v1.0.0. Merging ships it as v1.1.0 to production

      - Once this is merged, servers that run with --model churn serve nothing until they are started again with --model leavers

      400 customers, holdout.csv  production  this pull request  difference (95 % interval)  gate
      AUC ↑                             0.73               0.91      +0.18 (+0.15 to +0.22)  🟢 at least 0.6; 🟢 at most 0.01 worse

      80 newly right, 14 newly wrong

      Trained on ‹commit› in ‹time› on this machine

      For head ‹commit›

      leavers v1.0.0 was trained again here, and its bytes differ from the released ones: the pull request compares with those.
      "
    `);
    expect(renamed.code).toBe(0);
    await clone.git("tag", "-d", "churn@v1.0.0", "churn#production#1");
    expect(await check(clone)).toMatchObject({ code: 0, stdout: expect.stringContaining("leavers: better than") });
    await clone.git("checkout", "--quiet", "--", ".");
  });

  it("ends what it started where it is interrupted, and keeps nothing of it", async () => {
    await clone.write({ "churn/train.sh": `exec ${sleep}\n` });
    const started = startCli(clone.folder, ["check"], { TMPDIR: clone.temporary });
    await vi.waitFor(() => expect(started.said.stderr).toContain("training churn as it would be merged"), 20_000);
    await vi.waitFor(async () => expect(await sleepers()).toBe(1), 20_000);
    started.process.kill("SIGINT");
    const said = await started.ended;
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toContain("Interrupted: nothing was judged");
    expect(await sleepers()).toBe(0);
  });

  it("leaves no temporary folder behind", async () => {
    expect(await readdir(clone.temporary)).toEqual([]);
  });
});

/** Processes of the training above that still run. */
async function sleepers(): Promise<number> {
  const { stdout } = await run("ps", ["-eo", "args"]);
  return stdout.split("\n").filter((line) => line.trim() === sleep).length;
}

describe("trainyard check without a verdict", () => {
  it.for<{ name: string; prepare: (clone: TestClone) => Promise<unknown>; args?: string[]; says: string }>([
    {
      name: "no config",
      prepare: async (clone) => {
        await clone.commit({ ".github/trainyard.yml": null }, "No config");
        await clone.git("update-ref", "refs/remotes/origin/main", "HEAD");
      },
      says: "There is no config to check by",
    },
    {
      name: "an unknown base",
      prepare: async () => await Promise.resolve(),
      args: ["--base", "nope"],
      says: 'Cannot find the base "nope"',
    },
    {
      name: "the commit before the first one",
      prepare: async () => await Promise.resolve(),
      args: ["--base", "HEAD~1"],
      says: "the branch has one commit. Work on a branch from it (git switch -c my-change), and leave --base out",
    },
    {
      name: "no history in common",
      prepare: async (clone) =>
        await clone.git("checkout", "--quiet", "--orphan", "other").then(async () => await clone.commit({}, "Other")),
      says: 'shares no history with "main"',
    },
    {
      name: "a path that changed on both sides",
      prepare: async (clone) => {
        await clone.commit({ "churn/params.txt": params(0.6) }, "Theirs");
        await clone.git("update-ref", "refs/remotes/origin/main", "HEAD");
        await clone.git("checkout", "--quiet", "-B", "mine", "HEAD~1");
        await clone.commit({ "churn/params.txt": params(0.7) }, "Mine");
      },
      says: 'Cannot tell what merging into "main" would make: "churn/params.txt" changed on both sides. Bring the branch up to date first: git merge',
    },
  ])("$name", async ({ prepare, args = [], says }) => {
    await using clone = await openTestClone(files);
    await prepare(clone);
    const said = await check(clone, ...args);
    expect(said.stderr).toContain(says);
    expect(said.stderr).not.toMatch(/^\s+at /m);
    expect(said).toMatchObject({ code: 2, stdout: "" });
  });

  it("lists every mistake of a config", async () => {
    await using clone = await openTestClone(files);
    const config = files[".github/trainyard.yml"] ?? "";
    await clone.write({
      ".github/trainyard.yml": config.replace("task: binary", "task: binry").replace("at-least", "at-lest"),
    });
    const said = await check(clone);
    expect(still(said.stdout)).toMatchInlineSnapshot(`
      "work (‹commit› and uncommitted changes) into main (‹commit›)

      🔴 The config cannot be read: 2 mistakes in .github/trainyard.yml

      - Line 19, models.churn.evaluate.task: must be one of "binary", "ranking", it is "binry": did you mean "binary"?
      - Line 27, models.churn.gates[0].at-lest: "at-lest" is not a key here: did you mean "at-least"?

      For head ‹commit›
      "
    `);
    expect(said.code).toBe(2);
  });

  it("a holdout that matches nothing", async () => {
    await using clone = await openTestClone(files);
    const config = files[".github/trainyard.yml"] ?? "";
    await clone.write({
      ".github/trainyard.yml": config.replace("churn/holdout.csv", "churn/nothing.csv"),
      "churn/params.txt": params(0.8),
    });
    const said = await check(clone);
    expect(still(said.stdout).split("\n")[2]).toMatchInlineSnapshot(
      `"🔴 churn: could not be judged: no file matches "churn/nothing.csv" (evaluate.holdout): correct the pattern, or add the file. Note: it changes the evaluation"`,
    );
    expect(said.code).toBe(2);
  });
});

it("tells the co-purchase model of the groceries from popularity", async () => {
  await using clone = await openTestClone({});
  const example = join(root, "examples", "groceries");
  for (const part of [".github", "src", "params.json", ".gitignore"]) {
    // oxlint-disable-next-line no-await-in-loop -- a few files
    await cp(join(example, part), join(clone.folder, part), { recursive: true });
  }
  await splitWeeks(join(clone.folder, "data", "weeks"), 1, 28);
  await clone.commit({}, "Popularity");
  await clone.git("update-ref", "refs/remotes/origin/main", "HEAD");
  await cp(join(example, "changes", "co-purchase"), clone.folder, { recursive: true });
  const said = await check(clone);
  expect(still(said.stdout)).toMatchInlineSnapshot(`
    "work (‹commit› and uncommitted changes) into main (‹commit›)

    🟢 groceries: better than production as main makes it. Merging ships it to production

    1,925 households, week-25.csv to week-28.csv  baseline  production  this pull request  difference (95 % interval)  gate
    nDCG@10 ↑                                        0.166       0.164              0.208   +0.044 (+0.038 to +0.050)  🟢 at least 0.12; 🟢 at most 0.002 worse
    hit rate@10 ↑                                    0.655       0.659              0.726   +0.068 (+0.049 to +0.086)  🟢 at most 0.02 worse

    Parameters: model popularity → co-purchase · negatives_kept not set → 8 · newton_steps not set → 8 · shrinkage not set → 10

    Trained on ‹commit› in ‹time› on this machine

    For head ‹commit›
    "
  `);
  expect(said.code).toBe(0);
}, 120_000);
