import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { RunRecord } from "#core/evidence.ts";
import { jobsOf, runsOf } from "#sandbox/actions/link/run-store.ts";
import { openStory, type Story } from "#test/flow/story/open-story.ts";
import { config, here, modelFiles, owner, params } from "#test/flow/story/repository-files.ts";

const train = {
  run: "cd churn && sh train.sh",
  model: "churn/model.txt",
  checkpoint: { path: "churn/ckpt", every: "1s" },
};

/** Counts steps in its checkpoint. The first two machines are lost when told so: the action is gone at once, and all of it. */
const counting = (notes: string): string => `
begin=$(cat "$CHECKPOINT/step" 2>/dev/null || echo 0); echo $begin >> ${notes}/starts; n=$begin
start=$(wc -l < ${notes}/starts)
until [ $start -ge 3 ] || [ -e ${notes}/lose-$start ]; do
  n=$((n+1)); echo $n > ../step.new; mv ../step.new "$CHECKPOINT/step"; sleep 0.05
done
if [ $start -lt 3 ]; then
  above=$PPID; until grep -q actions/train/index.mjs /proc/$above/cmdline; do above=$(awk '/^PPid/ { print $2 }' /proc/$above/status); done
  kill -9 $above; sleep 5; exit 1
fi
cat params.txt > model.txt\n`;

const fetching = (notes: string): string =>
  `mkdir -p ~/.wheels; test -e ~/.wheels/a && echo found >> ${notes}/set-ups || { echo fetched >> ${notes}/set-ups; touch ~/.wheels/a; }`;

const failing = (notes: string): string => `echo predict >> ${notes}/predictions; test -e ${notes}/ready || exit 1\n`;

const newestRun = (story: Story) => runsOf(story.repo).toSorted((a, b) => b.id - a.id)[0];
function logOf(story: Story, name: string): string {
  const job = jobsOf(story.repo, newestRun(story)?.id ?? 0).findLast((one) => one.name.endsWith(name));
  return job === undefined ? "" : readFileSync(story.sandbox.actions.logPath(job), "utf8");
}
async function checkpointsOf(story: Story): Promise<{ name: string; run: number | undefined; days: number }[]> {
  const { actions } = story.sandbox.person(owner).octokit.rest;
  const { data } = await actions.listArtifactsForRepo({ ...here, per_page: 100 });
  return data.artifacts
    .filter(({ name }) => name.startsWith("trainyard-checkpoint-"))
    .map(({ name, workflow_run: run, created_at: from, expires_at: to }) => {
      return { name, run: run?.id, days: (Date.parse(to ?? "") - Date.parse(from ?? "")) / 86_400_000 };
    });
}

/** Does something that trains, and loses the machine once it has left one checkpoint more. */
async function loseMachine(story: Story, notes: string, start: number, work: () => Promise<unknown>): Promise<void> {
  const before = (await checkpointsOf(story)).length;
  const working = work();
  // oxlint-disable-next-line no-await-in-loop -- until it is there
  while ((await checkpointsOf(story)).length === before) await sleep(50);
  writeFileSync(join(notes, `lose-${start}`), "");
  await working;
}

async function runFailedAgain(story: Story): Promise<void> {
  await story.sandbox.person(owner).octokit.rest.actions.reRunWorkflowFailedJobs({
    ...here,
    run_id: newestRun(story)?.id ?? 0,
  });
  await story.settle();
}

it("a training whose machine is lost goes on from its checkpoint; nothing is trained or fetched twice", async () => {
  const notes = await mkdtemp(join(tmpdir(), "trainyard-notes-"));
  const setUps = (): string[] => readFileSync(join(notes, "set-ups"), "utf8").trim().split("\n");
  const starts = (): number[] => readFileSync(join(notes, "starts"), "utf8").trim().split("\n").map(Number);
  try {
    await using story = await openStory({ writer: "actions", jobs: "apart", start: "production" });
    const files = {
      ".github/trainyard.yml": config("actions", {
        churn: { setup: { run: fetching(notes), cache: ["~/.wheels"] }, train },
      }),
      "churn/params.txt": params(0.7),
      "churn/train.sh": counting(notes),
      "churn/predict.sh": failing(notes) + modelFiles("churn")["churn/predict.sh"],
    };
    await loseMachine(story, notes, 1, async () => await story.propose(files, "better"));
    expect(starts()).toEqual([0]);
    const [pull] = (await story.ports.pulls.openOnto("main")).map(({ number }) => number);
    const first = newestRun(story)?.id;

    await loseMachine(story, notes, 2, async () => await runFailedAgain(story));
    expect(starts()).toEqual([0, expect.any(Number)]);
    expect(starts()[1]).toBeGreaterThan(0);

    // a new run of the same recipe
    await story.change({ "README.md": "# Words\n" }, "better", { onto: "better" });
    expect(starts()).toHaveLength(3);
    expect(starts()[2]).toBeGreaterThan(starts()[1] ?? 0);
    expect(logOf(story, "train churn")).toContain(`attempt 2 of run ${first}`);
    expect(await story.verdict(pull ?? 0)).toBe("error");

    writeFileSync(join(notes, "ready"), "");
    await runFailedAgain(story);
    expect(logOf(story, "train churn")).toContain("Trained by an earlier attempt of this run: sha256:");
    expect(starts()).toHaveLength(3);
    expect(await story.verdict(pull ?? 0)).toBe("pass");
    const path = (await story.ports.evidence.list()).findLast((one) => one.includes(`/${newestRun(story)?.id}-`)) ?? "";
    const run: RunRecord = JSON.parse((await story.ports.evidence.read(path)) ?? "");
    expect(run.resumedFrom).toEqual({ run: first, attempt: 2, counter: expect.any(Number) });
    expect(run.bytes).toMatchObject({ path: "model" });
    expect(existsSync(join(notes, "predictions"))).toBe(true);
    // what was superseded is gone: at most two are left of each machine that was lost, none where a model is
    const left = await checkpointsOf(story);
    expect(left.map((one) => one.run)).not.toContain(newestRun(story)?.id);
    expect(left.length).toBeLessThanOrEqual(4);
    expect(left.every(({ days }) => days < 5)).toBe(true);

    // what the pull request keeps is its own, and nothing is trained after the merge that could keep it for others
    expect(setUps().filter((word) => word === "fetched")).toHaveLength(1);
    await story.merge(pull ?? 0);
    expect(story.jobs().filter((name) => name.includes("warm"))).toEqual(["push: warm churn"]);
    expect(setUps().filter((word) => word === "fetched")).toHaveLength(2);
    const before = setUps().length;
    await story.propose({ "churn/params.txt": params(0.8) }, "another");
    expect(setUps().slice(before)).toContain("found");
    expect(setUps().slice(before)).not.toContain("fetched");
  } finally {
    await rm(notes, { recursive: true, force: true });
  }
});
