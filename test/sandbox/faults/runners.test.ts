import { afterAll, beforeAll, expect, it } from "vitest";
import { jobsOf, runsOf } from "#sandbox/actions/link/run-store.ts";
import { openForgeBench, type ForgeBench } from "../actions/forge-bench.ts";

const workflow = `on: workflow_dispatch
jobs:
  first: { runs-on: x, steps: [{ run: echo done }], outputs: { a: b } }
  train:
    needs: first
    runs-on: [self-hosted, gpu]
    outputs: { model: "\${{ steps.fit.outputs.model }}" }
    steps:
      - uses: actions/checkout@v7
      - { name: Prepare, run: mkdir out && echo 1 > out/ckpt }
      - { uses: actions/upload-artifact@v7, with: { name: ckpt, path: out/ckpt } }
      - { name: Fit, id: fit, run: "echo epoch 1; echo model=x >> $GITHUB_OUTPUT; sleep 0.\${{ github.run_attempt == 1 && 9 || 1 }}; echo epoch 2" }
      - { name: Always, if: always(), run: echo always }
  after: { needs: train, if: always(), runs-on: x, steps: [{ run: "echo train: \${{ needs.train.result }}" }] }
`;

let bench: ForgeBench;
beforeAll(async () => {
  bench = await openForgeBench();
  await bench.push("main", { ".github/workflows/train.yml": workflow });
});
afterAll(() => bench.stop());

async function start(): Promise<number> {
  const { body } = await bench.api("POST", "/actions/workflows/train.yml/dispatches", {
    ref: "main",
    return_run_details: true,
  });
  await bench.actions.idle();
  return body.workflow_run_id;
}

it("a runner that is lost takes its job with it, without post steps, and the failed jobs run again", async () => {
  const fault = bench.forge.faults.add({ kind: "runner", on: "train", at: { line: "epoch 1" }, when: { nth: 1 } });
  const run = await start();
  expect(fault).toMatchObject({ seen: 1, fired: 1 });
  const { body } = await bench.api("GET", `/actions/runs/${run}/jobs`);
  const [first, train, after] = ["first", "train", "after"].map((name) =>
    body.jobs.find((one: { name: string }) => one.name === name),
  );
  expect([first.conclusion, train.conclusion, after.conclusion]).toEqual(["success", "failure", "success"]);
  expect(
    train.steps.map(({ name, status, conclusion }: Record<string, string>) => `${name} ${status} ${conclusion}`),
  ).toEqual([
    "Set up job completed success",
    "Run actions/checkout@v7 completed success",
    "Prepare completed success",
    "Run actions/upload-artifact@v7 completed success",
    "Fit in_progress null",
  ]);
  expect(await bench.log("after")).toContain("train: failure");
  expect((await bench.log("train")).trim().split("\n").at(-1)).toBe("epoch 1");
  const stored = jobsOf(bench.repo, run).find(({ name }) => name === "train");
  expect(stored?.annotations.map(({ message }) => message)).toEqual([
    expect.stringContaining("The self-hosted runner lost communication with the server."),
  ]);
  expect(stored?.outputs).toEqual({});
  expect((await bench.api("POST", `/actions/runs/${run}/rerun-failed-jobs`)).status).toBe(201);
  await bench.actions.idle();
  expect(runsOf(bench.repo).find(({ id }) => id === run)).toMatchObject({ attempt: 2, conclusion: "success" });
  expect(await bench.log("train")).toContain("epoch 2");
});

it("a runner may be gone before a step, and artifacts may expire at once", async () => {
  bench.forge.faults.clear();
  const fault = bench.forge.faults.add({ kind: "runner", on: "tr*", at: { step: "Prepare" } });
  const run = await start();
  bench.forge.faults.clear();
  const train = jobsOf(bench.repo, run).find(({ name }) => name === "train");
  expect([fault.fired, train?.conclusion, train?.steps.at(-1)?.name]).toEqual([
    1,
    "failure",
    "Run actions/checkout@v7",
  ]);
  const second = await start();
  const list = async () => (await bench.api("GET", `/actions/runs/${second}/artifacts`)).body.artifacts;
  const [artifact] = await list();
  const download = async () => (await bench.api("GET", `/actions/artifacts/${artifact.id}/zip`)).status;
  const blobs = bench.forge.faults.add({ kind: "request", on: "GET /_blobs/*", does: "502", when: { nth: 1 } });
  expect([await download(), await download(), blobs.fired]).toEqual([502, 200, 1]);
  expect(bench.actions.expire(bench.repo, { run: second, name: "other" })).toBe(0);
  expect(bench.actions.expire(bench.repo, { run: second })).toBe(1);
  expect(await list()).toMatchObject([{ name: "ckpt", expired: true }]);
  expect(await download()).toBe(410);
  expect(bench.forge.failures).toEqual([]);
});
