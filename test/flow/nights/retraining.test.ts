import { expect, it } from "vitest";
import { reportWatch } from "#flow/watch/report-watch.ts";
import { configPath } from "#core/config/config.ts";
import { ServiceError } from "#core/ports.ts";
import { config, Nights, type Found } from "./nights.ts";

const rows = (count: number): string => `churned\n${"1\n".repeat(count)}`;
const odd = (count: number): Found => ({ columns: { age: 0.2 }, brings: { "train.csv": rows(count) } });

async function alarmed(monitor = "", count = 2): Promise<Nights> {
  const nights = await Nights.open(monitor);
  await nights.night(odd(1));
  await nights.night(odd(count));
  return nights;
}

const head = (nights: Nights): string => nights.world.git.ref("refs/heads/retrain/churn") ?? "";

it("one branch a model: each night brings it further, and another version's drift goes on there", async () => {
  const nights = await alarmed();
  const first = head(nights);
  await nights.night(odd(3));
  expect(nights.world.git.commitOf(head(nights))?.parents).toEqual([first]);
  await nights.night({ ...odd(3), version: "v1.1.0" });
  await nights.night({ ...odd(4), version: "v1.1.0" });
  expect(nights.pulls).toEqual(["open retrain/churn"]);
  expect(nights.retraining[0]?.body).toContain("v1.1.0 stands in production");
  expect(nights.world.git.text(head(nights), "train.csv")).toBe(rows(4));
});

it("a reviewer whom nobody knows costs no night: it is said once, on the pull request", async () => {
  const nights = await Nights.open();
  const text = config("").replace(
    "retrain: { run: sh collect.sh }",
    "retrain: { run: sh collect.sh, reviewers: [nobody] }",
  );
  nights.world.commit("main", { [configPath]: text }, "Ask nobody");
  nights.askReviewers = async () =>
    await Promise.reject(new ServiceError("refused", 'Cannot ask for reviews: GitHub answered 422 "no collaborator"'));
  for (const count of [1, 2, 3]) await nights.night(odd(count));
  expect(nights.pulls).toEqual(["open retrain/churn"]);
  const said = nights.world.memory.comments.filter(({ issue }) => issue === nights.retraining[0]?.number);
  expect(said.map(({ body }) => body.split("\n")[0])).toEqual([
    '⚠️ `nobody` could not be asked for a review: Cannot ask for reviews: GitHub answered 422 "no collaborator". `monitor: retrain: reviewers:` takes logins of people who may read this repository, and teams of its organization as `org/team`.',
  ]);
});

it("where the default branch has moved, the next refresh begins there", async () => {
  const nights = await alarmed();
  nights.world.commit("main", { "README.md": "words\n" }, "Words");
  await nights.night(odd(3));
  expect(nights.world.git.commitOf(head(nights))?.parents).toEqual([nights.world.head]);
});

it("a person's commit stops the robot, which says so once", async () => {
  const nights = await alarmed();
  nights.world.commit("retrain/churn", { "train.csv": "mine\n" }, "Leave out the strike");
  const theirs = head(nights);
  await nights.night(odd(3));
  await nights.night(odd(4));
  expect(head(nights)).toBe(theirs);
  const pull = nights.retraining[0]?.number;
  const said = nights.world.memory.comments.filter(({ issue }) => issue === pull);
  expect(said.map(({ body }) => body.split("\n")[0])).toEqual([
    "🤖 Somebody has committed to this branch: it is theirs now. Newer data is brought here no more, and no second pull request is opened while this one is open (#101).",
  ]);
  expect(nights.body).toContain("somebody has committed to its branch, so the robot leaves it to them");
  expect(nights.pulls).toEqual(["open retrain/churn"]);
});

it("a branch of its name that somebody works on, with no pull request, is left alone and told", async () => {
  const nights = await Nights.open();
  nights.world.commit("retrain/churn", { "train.csv": "mine\n" }, "Mine");
  const theirs = head(nights);
  for (const count of [1, 2]) await nights.night(odd(count));
  expect([head(nights), nights.pulls]).toEqual([theirs, []]);
  expect(nights.body).toContain(
    'The branch "retrain/churn" holds somebody\'s commits, which nobody has merged: rename it.',
  );
});

it.for(["approved", "queued"] as const)("what is %s is never pushed to", async (settled) => {
  const nights = await alarmed();
  const before = head(nights);
  Object.assign(nights.retraining[0] ?? {}, { settled });
  await nights.night(odd(3));
  expect(head(nights)).toBe(before);
  expect(nights.body).toContain(
    settled === "approved" ? "it is approved, so no newer data" : "waits in the merge queue",
  );
});

it("closing it means not now, for the time that the config declares", async () => {
  const nights = await alarmed("      alarm: { after: 1, of: 5 }\n");
  nights.close();
  await nights.night(odd(3));
  expect(nights.pulls).toEqual(["closed retrain/churn"]);
  expect(nights.body).toContain(
    '#102 was closed, which means "not now": no other is opened before 2026-05-31 12:05 UTC',
  );
  await nights.night(odd(4), { days: 28 });
  expect(nights.pulls).toEqual(["closed retrain/churn", "open retrain/churn"]);
  expect(nights.world.git.text(head(nights), "train.csv")).toBe(rows(4));
});

it("a shorter time may be declared", async () => {
  const nights = await alarmed();
  const text = config("").replace("retrain: { run: sh collect.sh }", "retrain: { run: sh collect.sh, not-now: 36h }");
  nights.world.commit("main", { [configPath]: text }, "Sooner");
  nights.close();
  await nights.night(odd(3));
  expect(nights.pulls).toEqual(["closed retrain/churn"]);
  await nights.night(odd(4));
  expect(nights.pulls).toEqual(["closed retrain/churn", "open retrain/churn"]);
});

it("a retrained model that still drifts on the same data opens nothing; nor does a merge that was taken back", async () => {
  const nights = await alarmed();
  const before = nights.world.head;
  nights.merge();
  for (let night = 0; night < 2; night++) await nights.night({ ...odd(2), version: "v1.1.0" });
  expect(nights.pulls).toEqual(["closed retrain/churn"]);
  expect(nights.body).toContain("It brought nothing that the default branch does not have.");
  const back = nights.world.git.commit({
    parents: [nights.world.head],
    files: {},
    tree: nights.world.git.tree(before),
    message: "Revert",
  });
  nights.world.git.setRef("refs/heads/main", back);
  await nights.night({ ...odd(2), version: "v1.0.0" });
  expect(nights.pulls).toEqual(["closed retrain/churn"]);
  expect(nights.body).toContain("the very bytes of pull request 102, which was merged and is not what stands now");
  await nights.night({ ...odd(5), version: "v1.0.0" });
  expect(nights.pulls).toEqual(["closed retrain/churn", "open retrain/churn"]);
});

const tooMany = Object.fromEntries(Array.from({ length: 1_001 }, (_, nth) => [`data/${nth}.csv`, "1"]));
it.for<[string, Readonly<Record<string, string>>, string]>([
  ["outside of the data inputs", { "params.txt": "auc 1\n" }, '"params.txt" is under no data input'],
  ["beside good data", { "train.csv": rows(9), "train.sh": "rm -rf /\n" }, '"train.sh" is under no data input'],
  ["a workflow", { ".github/workflows/evil.yml": "on: push\n" }, "is no place for data"],
  ["in other letters", { ".GitHub/workflows/evil.yml": "on: push\n" }, "is no place for data"],
  ["a setting of git", { "data/.gitattributes": "* filter=x\n" }, "is no place for data"],
  ["out of the repository", { "data/../../x.csv": "1" }, "is no place for data"],
  ["below a file", { "train.csv/x": "1" }, "is a link or a file on the default branch"],
  ["too many files", tooMany, "at most 1,000 are brought"],
  ["too much", { "train.csv": "x".repeat(20_000_001) }, "at most 20.0 MB are brought"],
])("what a watch claims to bring is refused: %s", async ([, brings, because]) => {
  const nights = await Nights.open("      alarm: { after: 1, of: 1 }\n");
  const text = config("      alarm: { after: 1, of: 1 }\n").replace(
    "data: [train.csv]",
    'data: [train.csv, "**/*.csv", "data/**", "train.csv/*", ".github/**", ".GitHub/**"]',
  );
  nights.world.commit("main", { [configPath]: text }, "Much data");
  await nights.night({ columns: { age: 0.2 }, brings });
  expect(nights.pulls).toEqual([]);
  expect(nights.issue).toBe("open churn: drift since v1.0.0");
  expect(nights.body.replaceAll("\\", "")).toContain(because);
  expect(nights.world.git.ref("refs/heads/retrain/churn")).toBeUndefined();
});

it("what the command failed with is told in the issue", async () => {
  const nights = await Nights.open("      alarm: { after: 1, of: 1 }\n");
  await nights.night({ columns: { age: 0.2 }, failure: "it ended with exit code 7" });
  expect(nights.body).toContain(
    "look at the command `monitor: retrain:`, which brought no newer data: It ended with exit code 7.",
  );
});

it("two reports at once make one issue, one pull request and one comment a change", async () => {
  const nights = await Nights.open();
  await nights.night(odd(1));
  const run = nights.watch(odd(2));
  await Promise.all([
    reportWatch(nights.ports(), run),
    reportWatch(nights.ports(), run),
    reportWatch(nights.ports(), run),
  ]);
  await nights.report(run);
  expect(nights.issues.filter(({ state }) => state === "open")).toHaveLength(1);
  expect(nights.pulls).toEqual(["open retrain/churn"]);
  const next = nights.watch({ columns: { age: 0.2, income: 0.4 } });
  await Promise.all([reportWatch(nights.ports(), next), reportWatch(nights.ports(), next)]);
  expect(nights.said).toEqual(["It has got worse"]);
});

it("rows of a window are brought too, and the pull request is compared on them", async () => {
  const nights = await Nights.open();
  const text = config("");
  const windows = text.replace("holdout: holdout.csv,", "holdout: holdout.csv, windows: { recent: recent/*.csv },");
  expect(windows).not.toBe(text);
  nights.world.commit("main", { [configPath]: windows }, "Compare on what is recent");
  const brings = { "train.csv": rows(2), "recent/week-1.csv": rows(1) };
  for (const night of [1, 2]) await nights.night({ columns: { age: 0.2 + night / 100 }, brings });
  expect(nights.pulls).toEqual(["open retrain/churn"]);
  expect(nights.world.git.text(head(nights), "recent/week-1.csv")).toBe(rows(1));
});
