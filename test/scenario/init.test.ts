import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { repositories } from "#test/core/init/repositories.ts";
import { openTestClone, type TestClone } from "./cli/clone.ts";
import { root, runCli } from "./cli/run-cli.ts";

const { files } = repositories["scikit-learn with pip"] ?? { files: {} };
const config = ".github/trainyard.yml";
const workflow = ".github/workflows/trainyard.yml";
let clone: TestClone;
let outside: string;

beforeAll(async () => {
  clone = await openTestClone(files);
  await clone.git("remote", "add", "origin", "https://example.com/acme/shop.churn.git");
  outside = await mkdtemp(join(tmpdir(), "trainyard-outside-"));
});
afterAll(async () => {
  await clone[Symbol.asyncDispose]();
  await rm(outside, { recursive: true, force: true });
});
const read = async (path: string): Promise<string> => await readFile(join(clone.folder, path), "utf8");

it("says what it would write, and writes nothing", async () => {
  const before = await clone.digest();
  const said = await runCli(clone.folder, ["init", "--dry-run"]);
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toContain(`--- ${config}\n`);
  expect(await clone.digest()).toBe(before);
});

it("asks nobody to make the branch that they are on, and names the lines that are open", async () => {
  await using fresh = await openTestClone({ "train.py": 'save("model.onnx")\n', "holdout.csv": "id,a\n1,2\n" });
  await fresh.git("switch", "--quiet", "-c", "add-trainyard");
  const { stdout } = await runCli(fresh.folder, ["init"]);
  expect(stdout).toContain('. git add .github && git commit -m "Add Trainyard"');
  const lines = (await readFile(join(fresh.folder, config), "utf8")).split("\n");
  const open = [...stdout.matchAll(/trainyard\.yml:(\d+): models\.\S+\.(\w+): /g)];
  expect(open.map(([, line, key]) => `${key}: ${lines[Number(line) - 1]?.trim().split(" ").slice(0, 2).join(" ")}`))
    .toMatchInlineSnapshot(`
      [
        "predict: predict: #",
        "task: # task:",
        "label: # label:",
      ]
    `);
});

it("writes both files and says from where each value comes", async () => {
  const said = await runCli(join(clone.folder, "data"), ["init"]);
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toMatchInlineSnapshot(`
    "Wrote .github/trainyard.yml
    Wrote .github/workflows/trainyard.yml

    Guessed, and from where:
      model: shop-churn  (the repository's name; it is the model's name for good)
      setup.run: pip install -r requirements.txt  (installs what requirements.txt says, requirements.txt:1)
      train.run: python train.py  (the file's name, train.py:1)
      train.model: model.onnx  (the file that training names, train.py:2)
      predict.run: python predict.py  (the file's name, predict.py:1)
      evaluate.holdout: holdout.csv  (the file's name, holdout.csv:1)
      evaluate.task: binary  (the label is 0 or 1, holdout.csv:1)
      evaluate.label: churned  (a column of 0 and 1 that is called like a label, holdout.csv:1)
      evaluate.score: p  (the column that predicting names, predict.py:4)

    Good to know:
      The workflow calls trainyard/trainyard@main, which can move: --ref with a commit of 40 digits pins it
      Models and predictions are artifacts until they are released: free accounts have 500 MB of them in private repositories
      promote: environment waits for reviewers; in private repositories below GitHub Enterprise, environments have no reviewers and gate nothing
      In a public repository pull requests come from strangers: keep runs-on to GitHub's own runners, never self-hosted ones

    Next:
      1. say what a first model must reach: the commented gate at-least
      2. git switch -c add-trainyard && git add .github && git commit -m "Add Trainyard", then: trainyard check
      3. push it and open a pull request into main: its report is information only, as the workflow is not on that branch yet
      4. merge it; an issue then says "waits for /promote": commenting that starts production
      5. require the check: name "loop / verdict" in a rule for the branch
    "
  `);
  expect(await read(workflow)).toBe(await readFile(join(root, "docs", "workflow.yml"), "utf8"));
  expect(await runCli(clone.folder, ["config"])).toMatchObject({
    code: 0,
    stdout: `"${config}" is right: shop-churn\n`,
  });
});

it("writes over nothing unless it is told to, and then both or none", async () => {
  await clone.write({ [config]: "mine\n", [workflow]: null });
  const refused = await runCli(clone.folder, ["init"]);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toBe(
    `trainyard: "${config}" is there already, so nothing was written: --force writes over it, --dry-run shows what would be\n`,
  );
  expect([await read(config), existsSync(join(clone.folder, workflow))]).toEqual(["mine\n", false]);
  const forced = await runCli(clone.folder, ["init", "--force", "--expanded", "--ref", "v1", "--model", "m", "--json"]);
  expect(forced).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(forced.stdout)).toMatchObject({
    schema: "trainyard/init/1",
    model: "m",
    branch: "main",
    files: [
      { path: config, existed: true, written: true },
      { path: workflow, existed: false, written: true },
    ],
    open: [],
  });
  expect(await read(workflow)).toContain("uses: trainyard/trainyard/actions/plan@v1");
});

it("leaves everything as it was where one of the two cannot be written", async () => {
  await rm(join(clone.folder, ".github"), { recursive: true });
  await clone.write({ ".github/workflows": "a file" });
  const said = await runCli(clone.folder, ["init"]);
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toMatch(/^trainyard: Cannot write into ".*": .*; nothing was changed\n$/);
  expect(readdirSync(join(clone.folder, ".github"))).toEqual(["workflows"]);
});

it("follows no link out of the clone", async () => {
  await rm(join(clone.folder, ".github"), { recursive: true });
  await symlink(outside, join(clone.folder, ".github"));
  const said = await runCli(clone.folder, ["init", "--force"]);
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toContain(`Cannot write "${config}": it is a link or lies behind one`);
  expect(readdirSync(outside)).toEqual([]);
});

it("is published with the files that it writes from", async () => {
  const { files: published } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  expect(published).toEqual(expect.arrayContaining(["docs/workflow.yml", ".github/workflows/loop.yml"]));
});

it.for([
  [["--ref", "a b"], 'Cannot take "a b" as --ref'],
  [["--branch", "a..b"], 'Cannot take "a..b" as --branch'],
  [["--model", "-"], 'Cannot read "-" as a model\'s name'],
] as const)("refuses %j", async ([args, sentence]) => {
  const said = await runCli(clone.folder, ["init", ...args]);
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toContain(sentence);
});
