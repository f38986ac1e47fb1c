import { expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import type { CommitSha } from "#core/names.ts";
import { reconcileGroup } from "#flow/group/reconcile-group.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { reportUnwatched } from "#flow/watch/report-unwatched.ts";
import { reportWatch, watchArtifact } from "#flow/watch/report-watch.ts";
import { localConfig, runLoop } from "../local/local-loop.ts";
import { approval, mergePull, openWorld, promote, reconcile, reviewPull, runDefault } from "../local/local-story.ts";
import type { LocalWorld } from "../local/local-world.ts";
import type { State } from "../local/world-state.ts";
import type { Run } from "./live-bad-days.ts";
import { playOnBadDays, type Plot } from "./plot.ts";
import { addRun, asApp, saying } from "./shells.ts";

const better = { "params.txt": "auc 0.8\n" };
const open = ({ conversation: { issues } }: State): readonly string[] =>
  issues.filter(({ state }) => state === "open").map(({ title }) => title);
const told = ({ conversation: { comments } }: State, issue: number): string =>
  comments
    .filter((one) => one.issue === issue)
    .map(({ body }) => body)
    .join("\n");

const telling =
  (finishedRun?: number): Run =>
  async (world, watcher) =>
    await reconcileDefault(asApp(world, watcher), { finishedRun });

/** Something nobody reviewed is on the default branch, and its run has ended. */
async function openPushed(): Promise<LocalWorld> {
  const world = await openWorld();
  world.commit("main", { "params.txt": "auc 0.75\n" }, "Straight to main");
  await runLoop(world, { kind: "push" }, 10);
  return world;
}

/** A queue's group of one pull request, and its run, which has ended. */
async function openGroup(files: Readonly<Record<string, string>>): Promise<{ world: LocalWorld; run: Run }> {
  const world = await openWorld();
  world.memory.queue = true;
  await reviewPull(world, 2, better);
  const ref = `gh-readonly-queue/main/pr-2-${world.head}`;
  const head: CommitSha = world.git.commit({ parents: [world.head], files, message: "Work 2 (#2)" });
  world.git.setRef(`refs/heads/${ref}`, head);
  await runLoop(world, { kind: "group", head, ref }, 201);
  for (const run of world.memory.runs)
    if (run.id === 201) Object.assign(run, { event: "merge_group", head, branch: ref });
  const run: Run = async (there, watcher) =>
    await reconcileGroup(asApp(there, watcher), { head, ref }, { runStarts: false, finishedRun: 201 });
  return { world, run };
}

const monitor = `    monitor:
      current: { run: sh fetch.sh, output: current.csv }
      retrain: { run: sh collect.sh, reviewers: [ben] }
`;

/** A watch has ended that found drift (or, later, none), and has newer data. */
async function openWatched(verdicts: readonly ("drift" | "quiet")[]): Promise<{ world: LocalWorld; run: Run }> {
  const world = await openWorld();
  world.commit("main", { [configPath]: `${localConfig("{}")}${monitor}` }, "Watch");
  for (const [nth, verdict] of verdicts.entries()) {
    world.memory.minutes += 1_440;
    const id = 400 + nth;
    addRun(world, id, "completed");
    const report = {
      schema: "trainyard/drift/1",
      model: "churn",
      version: "v1.0.0",
      verdict,
      because: verdict === "drift" ? "customers are older" : "as it was",
      reference: { files: ["train.csv"], rows: 1 },
      current: { files: ["current.csv"], rows: 1 },
      columns: [],
      lead: null,
      at: world.now().toISOString(),
    };
    const files = [{ path: "train.csv", base64: Buffer.from(`churned\n0\n${nth}\n`).toString("base64") }];
    const retrain = verdict === "drift" ? [{ model: "churn", files, failure: null }] : [];
    const record = { schema: "trainyard/watch/1", head: world.head, reports: [report], retrain };
    world.storage.artifacts[`${id}/${watchArtifact.artifact}/${watchArtifact.file}`] = JSON.stringify(record);
    if (nth < verdicts.length - 1) await reportWatch(world.ports(), id);
  }
  const last = 399 + verdicts.length;
  return { world, run: async (there, watcher) => await reportWatch(asApp(there, watcher), last) };
}

const plots: readonly Plot[] = [
  {
    name: "what waits is judged, and said",
    open: async () => ({ world: await openPushed(), run: telling(10) }),
    ends: (state) => expect(open(state)).toEqual(["churn waits for /promote"]),
    points: 58,
  },
  {
    name: "a merge is told what it shipped",
    async open() {
      const world = await openWorld();
      await reconcile(world, 1, 2);
      await mergePull(world, 1, better);
      await promote(world);
      return { world, run: telling() };
    },
    ends: (state) => expect(told(state, 1)).toContain("**churn v1.1.0** stands at `production`"),
    points: 56,
  },
  {
    name: "an issue is closed when nothing waits any more",
    async open() {
      const world = await openPushed();
      await reconcileDefault(world.ports(), { finishedRun: 10 });
      await promote(world, approval);
      return { world, run: telling() };
    },
    ends(state) {
      expect(open(state)).toEqual([]);
      expect(state.conversation.issues.at(-1)).toMatchObject({ state: "closed" });
    },
    points: 43,
  },
  {
    name: "two reviewed ones that met and pass are promoted by a run of their own",
    async open() {
      const world = await openWorld({ promote: "{ combinations: gate }" });
      const other = { "train.sh": "cat params.txt # otherwise\n" };
      await reconcile(world, 1, 2);
      await reviewPull(world, 2, other);
      await mergePull(world, 1, better);
      await runDefault(world, 10);
      await mergePull(world, 2, other);
      await runLoop(world, { kind: "push" }, 11);
      return { world, run: telling(11) };
    },
    ends: (state) => expect(state.conversation.dispatches).toMatchObject([{ command: "promote" }]),
    points: 63,
  },
  {
    name: "a group that is let through",
    open: async () => await openGroup(better),
    ends: (state) => expect(state.conversation.checks.at(-1)?.check.state).toMatchObject({ conclusion: "success" }),
    points: 47,
  },
  {
    name: "a group that is worse",
    open: async () => await openGroup({ "params.txt": "auc 0.5\n" }),
    ends: (state) => expect(told(state, 2)).toContain("In the merge queue, on top of"),
    points: 71,
  },
  {
    name: "drift, and the pull request that retrains",
    open: async () => await openWatched(["drift", "drift"]),
    ends(state) {
      expect(open(state).at(-1)).toContain("churn");
      expect(Object.keys(state.branches)).toContain("retrain/churn");
      expect(state.conversation.pulls.at(-1)?.head.ref).toBe("retrain/churn");
    },
    points: 90,
  },
  {
    name: "drift that goes on, with newer data",
    open: async () => await openWatched(["drift", "drift", "drift"]),
    ends: (state) => expect(state.conversation.pulls.filter(({ state: one }) => one === "open")).toHaveLength(2),
    points: 61,
  },
  {
    name: "drift that is over",
    open: async () => await openWatched(["drift", "drift", "quiet", "quiet"]),
    ends(state) {
      expect(state.conversation.issues.at(-1)).toMatchObject({ state: "closed" });
      expect(state.conversation.comments.filter(({ body }) => body.includes("**Recovered**"))).toHaveLength(1);
    },
    points: 52,
  },
  {
    name: "drift that comes back",
    open: async () => await openWatched(["drift", "drift", "quiet", "quiet", "drift", "drift"]),
    ends(state) {
      expect(state.conversation.issues.at(-1)).toMatchObject({ state: "open" });
      expect(state.conversation.comments.filter(({ body }) => body.includes("**Drift again**"))).toHaveLength(1);
    },
    points: 73,
  },
  {
    name: "the next watch reads a box that somebody ticked",
    async open() {
      const { world, run: first } = await openWatched(["drift", "drift"]);
      await first(world, () => undefined);
      const issue = world.memory.issues.at(-1);
      if (issue !== undefined) issue.body = issue.body.replace("- [ ] Snooze for a week", "- [x] Snooze for a week");
      return { world, run: first };
    },
    ends: (state) => expect(state.conversation.issues.at(-1)?.body).toContain("Snoozed until"),
    points: 20,
  },
  {
    name: "nobody has watched for two periods",
    async open() {
      const { world, run } = await openWatched(["drift", "drift"]);
      await run(world, () => undefined);
      world.memory.minutes += 4_320;
      return { world, run: async (there, watcher) => await reportUnwatched(asApp(there, watcher)) };
    },
    ends(state) {
      expect(open(state).at(-1)).toContain("not watched since");
      expect(state.conversation.comments.filter(({ body }) => body.includes("**Not watched**"))).toHaveLength(1);
    },
    points: 20,
  },
  {
    name: "somebody snoozes the alarm",
    async open() {
      const { world, run } = await openWatched(["drift", "drift"]);
      await run(world, () => undefined);
      const issue = world.memory.issues.at(-1)?.number ?? 0;
      return { world, run: saying(world, "/snooze 2w", issue, false) };
    },
    ends: (state) => expect(state.conversation.issues.at(-1)?.body).toContain("Snoozed until"),
    points: 20,
  },
];

it.for(plots)("$name ends the same on any bad day", async (plot) => {
  const { points, wrong } = await playOnBadDays(plot);
  expect(wrong).toEqual([]);
  expect(points).toBeGreaterThanOrEqual(plot.points);
});
