import { afterAll, beforeAll, expect, it } from "vitest";
import { params, repositoryFiles } from "#test/flow/story/repository-files.ts";
import { openTestClone, type TestClone } from "./cli/clone.ts";
import { runCli, still } from "./cli/run-cli.ts";

let clone: TestClone;

const say = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await runCli(clone.folder, args, { TMPDIR: clone.temporary });
  if (code !== 0) throw new Error(`trainyard ${args.join(" ")} exited ${code}: ${stderr}`);
  return still(stdout)
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d\.\d+Z)?/g, "‹when›")
    .replaceAll(/\b\d\.\d s\b/g, "‹took›")
    .replaceAll(/\blocal-[0-9a-f]{16}\b/g, "local-‹digest›")
    .replaceAll(/\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{10})\b/g, "‹digest›");
};

beforeAll(async () => {
  clone = await openTestClone(repositoryFiles("actions", { churn: {} }));
  await clone.commit(
    {
      "churn/params.txt": params(0.8),
      "churn/train.sh":
        'cat params.txt > model.txt\nfor i in 1 2 3 4 5; do echo "{\\"step\\": $i, \\"loss\\": 0.$((10 - i))}"; done > ../metrics.jsonl\n',
    },
    "Better",
  );
  await runCli(clone.folder, ["check"], { TMPDIR: clone.temporary });
});

afterAll(async () => {
  await clone[Symbol.asyncDispose]();
});

it("lists what this machine trained", async () => {
  expect(await say("runs", "list")).toMatchInlineSnapshot(`
    "run                     model  recipe      commit    took  metric                      version  when (UTC)
    local-‹digest›  churn  ‹digest›  ‹commit›  ‹took›  auc 0.914 (0.883 to 0.938)           ‹when›
    local-‹digest›  churn  ‹digest›  ‹commit›  ‹took›  auc 0.73 (0.68 to 0.78)              ‹when›
    "
  `);
});

it("shows one run", async () => {
  const [run] = JSON.parse((await runCli(clone.folder, ["runs", "list", "--json"])).stdout);
  expect(run.run.series.loss).toHaveLength(5);
  expect(await say("runs", "show", run.run.recipe.slice(0, 8))).toMatchInlineSnapshot(`
    "run         local-‹digest›
    model       churn
    version     not registered
    recipe      ‹digest›
    artifact    sha256:‹digest› (18 B, 1 file)
    commit      ‹digest›
    trained by  this machine
    took        ‹took› on this machine
    inputs      4 files
    when (UTC)  ‹when›

    Series
      loss  █▇▄▂▁  5 points  last 0.500

    Measured
      metric  value                against production
      auc ↑   0.91 (0.88 to 0.94)  +0.18 (+0.15 to +0.22)
    "
  `);
});

it("compares two, and names the version of one that is tagged", async () => {
  const [newest, oldest] = JSON.parse((await runCli(clone.folder, ["runs", "list", "--json"])).stdout);
  const path = `runs/${oldest.run.recipe}/${oldest.run.key}.json`;
  const facts = {
    recipe: oldest.run.recipe,
    artifact: oldest.run.artifact.sha256,
    run: path,
    evaluation: null,
    pull: 7,
  };
  const move = { ...facts, version: "v1.0.0", by: null, why: "reviewed in #7" };
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
  expect(await say("runs", "compare", "v1.0.0", newest.run.key)).toMatchInlineSnapshot(`
    "        v1.0.0                  local-‹digest›
    run     local-‹digest›  local-‹digest›
    commit  ‹commit›                 ‹commit›
    took    ‹took›                   ‹took›
    size    147 B                   18 B

    Inputs: 2 changed, 0 added, 0 removed

    Measured on the same 400 customers
      metric  v1.0.0               local-‹digest›  difference (95 % interval)
      auc ↑   0.73 (0.68 to 0.78)  0.91 (0.88 to 0.94)     +0.18 (+0.15 to +0.22)
    "
  `);
  expect(await say("status")).toMatchInlineSnapshot(`
    "model  stage       version  since (UTC)       by
    churn  production  v1.0.0   ‹when›  #7
    "
  `);
  expect(JSON.parse((await runCli(clone.folder, ["status", "--json"])).stdout)).toMatchObject([
    {
      name: "churn",
      newest: "v1.0.0",
      recipe: oldest.run.recipe,
      waits: null,
      stages: [{ stage: "production", standing: { version: "v1.0.0", pull: 7 }, problem: null }],
    },
  ]);
});

it("says what it does not find", async () => {
  const said = await runCli(clone.folder, ["runs", "show", "v9.9.9"]);
  expect(said).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining('There is no run "v9.9.9"') });
  const model = await runCli(clone.folder, ["runs", "list", "--model", "sales"]);
  expect(model).toMatchObject({
    code: 2,
    stderr: 'trainyard: There is no run of a model "sales"; there are runs of churn\n',
  });
});
