import { expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import { planLoop } from "#flow/plan/plan-loop.ts";
import { localConfig } from "#test/flow/local/local-loop.ts";
import { answerComment } from "#flow/comment/answer-comment.ts";
import { startEffect } from "#flow/comment/start-effect.ts";
import { obeyTick } from "#flow/watch/obey-tick.ts";
import { reportUnwatched } from "#flow/watch/report-unwatched.ts";
import { readStatus } from "#flow/status/read-status.ts";
import { comment, told } from "#test/flow/local/local-story.ts";
import { config, Nights, type Found } from "./nights.ts";

const calm: Found = { columns: { age: 0.03 } };
const odd: Found = { columns: { age: 0.2 }, brings: { "train.csv": "churned\n0\n" } };
const worse: Found = { columns: { age: 0.2, income: 0.3 }, brings: { "train.csv": "churned\n0\n1\n" } };

/** Two odd nights: the alarm is on. */
async function alarmed(monitor = ""): Promise<Nights> {
  const nights = await Nights.open(monitor);
  await nights.night(odd);
  await nights.night(odd);
  return nights;
}

async function say(nights: Nights, body: string, author = "ada"): Promise<string> {
  const issue = nights.issues[0]?.number ?? 0;
  const written = comment(nights.world, body, { issue, isPull: false, author });
  await answerComment(nights.ports(), written, async (effect) => await startEffect(nights.ports(), effect, "app"));
  return told(nights.world, issue);
}

async function status(nights: Nights): Promise<string | undefined> {
  return (await readStatus(nights.ports(), nights.ports())).find(({ name }) => name === "churn")?.watch;
}

it("one odd night is a hint in the evidence and in the status, and no issue", async () => {
  const nights = await Nights.open();
  await nights.night(odd);
  expect(nights.issue).toBe("");
  expect(nights.pulls).toEqual([]);
  expect(await status(nights)).toBe(
    "one odd watch on 2026-05-02: a hint, no alarm before 2 of them (1 of the last 1 watches)",
  );
  expect(nights.world.git.text(nights.world.git.ref("refs/heads/trainyard") ?? "", "nights/churn.json")).toContain(
    '"alarm": "hint"',
  );
  await nights.night(odd);
  expect(await status(nights)).toBe("drifts since 2026-05-02 (2 of the last 2 watches)");
  await nights.night(calm);
  expect(nights.issue).toBe("open churn: drift since v1.0.0");
  expect(nights.body).toContain("The newest is quiet: 1 of the 2 in a row that end the alarm.");
  await nights.night(calm);
  expect(nights.issue).toBe("closed churn: no drift any more");
  expect(nights.said).toEqual(["Recovered"]);
  expect(await status(nights)).toBeUndefined();
});

it("the same run, told or done again, and a second watch by hand are one night", async () => {
  const nights = await Nights.open();
  const run = nights.watch(odd);
  await nights.report(run);
  await nights.report(run);
  await nights.night(odd, { run, days: 0.3 });
  await nights.night(odd, { days: 0.1 });
  expect(nights.issue).toBe("");
  await nights.night(odd);
  expect(nights.issue).toBe("open churn: drift since v1.0.0");
});

it("watches that are told out of order come to the same, and an old one brings no data", async () => {
  const nights = await Nights.open();
  const runs = [odd, worse, worse].map((found) => nights.watch(found));
  for (const run of runs.toReversed()) await nights.report(run);
  const ordered = await Nights.open();
  for (const found of [odd, worse, worse]) await ordered.night(found);
  expect(nights.body).toContain("**Since** 2026-05-02: 3 of the last 3 watches found it.");
  // the newest was told while it was still one odd night: what it brought waits for the next
  expect(nights.pulls).toEqual([]);
  await nights.night(worse);
  await ordered.night(worse);
  expect(nights.pulls).toEqual(["open retrain/churn"]);
  expect(nights.retraining.map(({ head }) => nights.world.git.text(head.sha, "train.csv"))).toEqual(
    ordered.retraining.map(({ head }) => ordered.world.git.text(head.sha, "train.csv")),
  );
});

it("a lead that two blocks say is lost is an alarm at once", async () => {
  const nights = await Nights.open();
  await nights.night({ leadLost: true });
  expect(nights.issue).toBe("open churn: drift since v1.0.0");
});

it("a watch that has not run for two periods is told by whoever comes next, once, and closes when it runs", async () => {
  const nights = await Nights.open();
  await nights.night(calm);
  nights.pass(1.9);
  await reportUnwatched(nights.ports());
  expect(nights.issue).toBe("");
  nights.pass(0.2);
  for (let sweep = 0; sweep < 3; sweep++) await reportUnwatched(nights.ports());
  expect(nights.issue).toBe("open churn: not watched since 2026-05-02");
  expect(nights.body).toContain("2 days ago, and it is to be watched daily");
  expect(await status(nights)).toBe("not watched since 2026-05-02 12:05 UTC, 2 days ago");
  nights.pass(5);
  await reportUnwatched(nights.ports());
  expect(nights.body).toContain("7 days ago");
  await nights.night(calm);
  expect(nights.issue).toBe("closed churn: watched again");
  expect(nights.said).toEqual(["Watched again"]);
});

it("a model that nobody has ever watched, and a watch that only fails, are not watched either", async () => {
  const never = await Nights.open();
  never.pass(30);
  // the config may have asked for it just now
  await reportUnwatched(never.ports());
  expect(never.issue).toBe("");
  never.pass(3);
  await reportUnwatched(never.ports());
  expect(never.issue).toBe("open churn: not watched since 2026-05-31");
  await never.night(calm);
  expect(never.issue).toBe("closed churn: watched again");
  const failing = await Nights.open();
  await failing.night(calm);
  for (let night = 0; night < 3; night++) await failing.night({ verdict: "error" });
  expect(failing.issue).toBe("open churn: not watched since 2026-05-02");
  expect(failing.body).toContain("The watch runs and fails: The command failed with exit code 1.");
});

it("an alarm that is no longer watched says both, with a comment for it", async () => {
  const nights = await alarmed();
  nights.pass(3);
  await reportUnwatched(nights.ports());
  expect(nights.issue).toBe("open churn: drift since v1.0.0, not watched since 2026-05-03");
  expect(nights.said).toEqual(["Not watched"]);
  await nights.night(odd);
  expect(nights.issue).toBe("open churn: drift since v1.0.0");
  expect(nights.said).toEqual(["Not watched", "Watched again"]);
});

it("/snooze is kept until its time is over, for people who may write", async () => {
  const nights = await Nights.open();
  await nights.night({ columns: { age: 0.2 } });
  await nights.night({ columns: { age: 0.2 } });
  expect(await say(nights, "/snooze 3d", "eve")).toContain("`eve` may not");
  expect(await say(nights, "/snooze")).toContain('Say "/snooze 2w", "/snooze 10d" or "/snooze off"');
  expect(await say(nights, "/snooze 400w")).toContain("a year at most");
  expect(await say(nights, "/snooze 3d")).toContain("Nothing more about `churn` until 2026-05-06 12:05 UTC");
  expect(nights.body.replaceAll("\u200b", "")).toContain("😴 **Snoozed until 2026-05-06 12:05 UTC** by `@ada`");
  const before = nights.said.length;
  await nights.night(worse);
  expect([nights.pulls, nights.said.length]).toEqual([[], before]);
  expect(nights.body).toContain("`income`");
  await nights.night(worse, { days: 3 });
  expect(nights.pulls).toEqual(["open retrain/churn"]);
  expect(nights.said.slice(before)).toEqual(["The snooze is over"]);
  expect(await say(nights, "/snooze 2w")).toContain("Nothing more");
  expect(await say(nights, "/snooze off")).toContain("no longer snoozed");
  expect(nights.body).not.toContain("Snoozed until");
  const elsewhere = comment(nights.world, "/snooze 2w");
  await answerComment(nights.ports(), elsewhere, async () => await Promise.resolve());
  expect(told(nights.world, 1)).toContain("said on the issue of a model that drifts");
});

it.for([
  ["ada", true],
  ["eve", false],
] as const)("a box that %s ticks counts: %s; it is cleared either way", async ([who, counts]) => {
  const nights = await alarmed();
  const tick = (): void => {
    const [issue] = nights.issues;
    if (issue !== undefined)
      issue.body = issue.body.replace("- [ ] Snooze for two weeks", "- [x] Snooze for two weeks");
  };
  tick();
  await obeyTick(nights.ports(), nights.issues[0]?.number ?? 0, who);
  expect(nights.body.replaceAll("\u200b", "").includes("**Snoozed until 2026-05-17 12:05 UTC** by `@ada`")).toBe(
    counts,
  );
  expect(nights.body).not.toContain("[x]");
});

it("with the workflow alone the next watch reads the box, and the one that ends it", async () => {
  const nights = await alarmed();
  const tick = (text: string): void => {
    const [issue] = nights.issues;
    if (issue !== undefined) issue.body = issue.body.replace(`- [ ] ${text}`, `- [X] ${text}`);
  };
  tick("Snooze for a week");
  await nights.night(worse);
  expect(nights.body).toContain("**Snoozed until 2026-05-11 12:05 UTC** by somebody who may edit this");
  expect(nights.said).toEqual([]);
  tick("End the snooze");
  await nights.night(worse);
  expect(nights.body).not.toContain("Snoozed until");
  expect(nights.body).toContain("- [ ] Snooze for a week");
});

it("a model that is renamed keeps its nights and its issue; one that nobody watches any more has its closed", async () => {
  const nights = await alarmed();
  const renamed = config("").replace("  churn:\n", "  customers:\n    was: churn\n");
  nights.world.commit("main", { [configPath]: renamed }, "Rename");
  await nights.night({ ...odd, model: "customers" });
  expect(nights.issue).toBe("open customers: drift since v1.0.0");
  expect(nights.body).toContain("**Since** 2026-05-02: 3 of the last 3 watches found it.");
  nights.world.commit("main", { [configPath]: localConfig("{}") }, "Watch no more");
  await reportUnwatched(nights.ports());
  expect(nights.issue).toBe("closed customers: no longer watched");
});

it("what was missed is made up for once: due are the last that is old, and none that has just been", async () => {
  const nights = await Nights.open();
  const due = async (): Promise<readonly string[]> =>
    (await planLoop(nights.ports(), { kind: "watch", forced: false, model: undefined, run: 1 }, undefined)).watch;
  expect(await due()).toEqual(["churn"]);
  await nights.night(calm);
  expect(await due()).toEqual([]);
  nights.pass(0.8);
  expect(await due()).toEqual([]);
  nights.pass(0.2);
  expect(await due()).toEqual(["churn"]);
  nights.pass(6);
  expect(await due()).toEqual(["churn"]);
  await nights.night({ verdict: "error" }, { days: 0 });
  expect(await due()).toEqual([]);
});

it("a report from the future is not believed", async () => {
  const nights = await Nights.open("      alarm: { after: 1, of: 1 }\n");
  const run = nights.watch(odd);
  nights.pass(-1);
  await nights.report(run);
  expect(nights.issue).toBe("");
});

it("an issue with our marker and without our label is left alone", async () => {
  const nights = await alarmed();
  nights.world.memory.issues.push({ number: 7, title: "x", body: nights.body, labels: ["elsewhere"], state: "open" });
  await nights.night(odd);
  expect(nights.issues).toHaveLength(1);
  expect(nights.world.memory.issues.find(({ number }) => number === 7)).toMatchObject({ title: "x", state: "open" });
});

it("an issue that somebody wrote over is brought back; one that is gone is made again, silently", async () => {
  const nights = await alarmed();
  Object.assign(nights.issues[0] ?? {}, { body: "I took the liberty" });
  await nights.night(odd);
  expect(nights.issues).toHaveLength(1);
  expect(nights.body).toContain("### 🟡 churn v1.0.0");
  nights.world.memory.issues = [];
  await nights.night(odd);
  expect(nights.issue).toBe("open churn: drift since v1.0.0");
  expect(nights.said).toEqual([]);
});

it("an issue that somebody closes stays closed until the next watch finds it open to doubt", async () => {
  const nights = await alarmed();
  Object.assign(nights.issues[0] ?? {}, { state: "closed" });
  await nights.report(nights.world.memory.runs.at(-1)?.id ?? 0);
  expect(nights.issue).toBe("closed churn: drift since v1.0.0");
  await nights.night(odd);
  expect(nights.issue).toBe("open churn: drift since v1.0.0");
  expect(nights.said).toEqual([]);
});

it("drift that comes back after it was over: the same issue is opened again, and says so", async () => {
  const nights = await alarmed();
  for (const found of [calm, calm, odd]) await nights.night(found);
  expect(nights.issue).toBe("closed churn: no drift any more");
  await nights.night(odd);
  expect(nights.issue).toBe("open churn: drift since v1.0.0");
  expect(nights.said).toEqual(["Recovered", "Drift again"]);
});
