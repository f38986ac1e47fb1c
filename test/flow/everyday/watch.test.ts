import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { withTemporaryFolder } from "#disk/temporary-folder.ts";
import { driftReportSchema, type DriftReport } from "#core/drift/drift-record.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { openStory, type Story } from "#test/flow/story/open-story.ts";
import { here, params } from "#test/flow/story/repository-files.ts";
import { makeRows } from "#test/flow/story/rows.ts";
import { runCli } from "#test/scenario/cli/run-cli.ts";

/** The file that says where new data lies: the path is the repository's, the folder the test's. */
const warehouse = "warehouse.txt";
/** Fetches the rows of the day, what production (skill 0.5, noise a) answered to them, and what came true. */
const fetch = [
  `mkdir current said && cp "$(cat ${warehouse})/now.csv" current/`,
  `awk -F, 'NR == 1 { print "customer,p"; next } { print $1 "," ($2 + $3) / 2 }' current/now.csv > said/answers.csv`,
  "cut -d, -f1,5 current/now.csv > said/truth.csv",
].join(" && ");
const models = {
  churn: {
    monitor: {
      schedule: "daily",
      // what several nights come to is told in memory (test/flow/nights)
      alarm: { after: 1, of: 1 },
      current: { run: fetch, output: "current/*.csv" },
      predictions: "said/answers.csv",
      labels: "said/truth.csv",
      retrain: { run: `cat "$(cat ${warehouse})/now.csv" > churn/train.csv` },
    },
  },
} as const;

/** As `makeRows`, with the column `a` moved up by half. */
function makeMoved(seed: number): string {
  const [head = "", ...rows] = makeRows(300, seed).trim().split("\n");
  const moved = rows.map((row) => {
    const [customer, signal, a, ...rest] = row.split(",");
    return [customer, signal, (Number(a) + 0.5).toFixed(3), ...rest].join(",");
  });
  return `${[head, ...moved].join("\n")}\n`;
}

type Night = {
  verdict: string | undefined;
  report: DriftReport | undefined;
  issues: readonly string[];
  pulls: readonly string[];
  head: string;
};

/** A day passes; what the watch of its night has left behind. */
async function passNight(story: Story): Promise<Night> {
  await story.sandbox.pass(86_400_000);
  await story.settle();
  const [report] = await new EvidenceReader(story.ports.evidence).drift("churn", 1);
  const { rest } = story.sandbox.person("ada").octokit;
  const { data: issues } = await rest.issues.listForRepo({ ...here, state: "all", labels: "trainyard-drift" });
  const { data: pulls } = await rest.pulls.list({ ...here, state: "all" });
  return {
    report,
    verdict: report?.verdict,
    issues: issues.map(({ number, state, title }) => `#${number} ${state}: ${title}`),
    pulls: pulls.map(({ number, state, head }) => `#${number} ${state}: ${head.ref}`),
    head: pulls[0]?.head.sha ?? "",
  };
}

/** Five nights of a shop whose customers change and change back. */
async function tell(folder: string): Promise<void> {
  const arrive = async (rows: string): Promise<void> => await writeFile(join(folder, "now.csv"), rows);
  await using story = await openStory({ writer: "app", start: "production", models });
  await arrive(makeRows(300, 7));
  await story.push({ [warehouse]: `${folder}\n` });
  const calm = await passNight(story);
  expect(calm).toMatchObject({ verdict: "quiet", issues: [], pulls: [] });
  // every label is there, and the holdout that production answered is the reference
  expect(calm.report?.performance).toMatchObject({ labelled: 300, waiting: 0, verdict: "holds", referenceRows: 400 });
  expect(calm.report?.performance?.metrics[0]).toMatchObject({ name: "auc", worse: false });

  await arrive(makeMoved(8));
  const first = await passNight(story);
  expect(first).toMatchObject({
    verdict: "drift",
    issues: ["#2 open: churn: drift since v1.0.0"],
    pulls: ["#3 open: retrain/churn"],
  });
  const moved = first.report?.columns.filter(({ drifted }) => drifted).map(({ column }) => column) ?? [];
  expect(moved.toSorted()).toEqual(["a", "p (predicted)"]);
  expect((await story.issue(2)).body).toContain("300 answers with a label");
  expect((await story.issue(2)).body).toContain("review #3");
  expect(await story.ending(3)).toEqual({
    verdict: "pass",
    check: "success",
    production: "v1.0.0",
    trainings: 2,
    waits: 0,
  });

  // a box that ada ticks as GitHub does: an edit of the body, of which the app hears
  const ada = story.sandbox.person("ada").octokit;
  const { body } = await story.issue(2);
  await ada.rest.issues.update({
    ...here,
    issue_number: 2,
    body: body.replace("- [ ] Snooze for", "- [x] Snooze for"),
  });
  await story.settle();
  expect((await story.issue(2)).body).toMatch(/\*\*Snoozed until .* UTC\*\* by `@\u200bada`/);
  expect((await story.issue(2)).body).not.toContain("[x]");
  await story.comment(2, "/snooze off", "ada");
  expect((await story.issue(2)).body).not.toContain("Snoozed until");

  await arrive(makeMoved(9));
  const second = await passNight(story);
  expect(second).toMatchObject({ verdict: "drift", issues: first.issues, pulls: first.pulls });
  expect(second.head).not.toBe(first.head);
  expect(await story.ending(3)).toMatchObject({ verdict: "pass", trainings: 3 });

  const branch = "retrain/churn";
  const own = await story.change({ "churn/params.txt": params(0.6) }, branch, { onto: branch });
  await arrive(makeMoved(10));
  expect(await passNight(story)).toMatchObject({ verdict: "drift", pulls: first.pulls, head: own });
  expect(await story.ending(3)).toMatchObject({ verdict: "pass", trainings: 4 });

  await arrive(makeRows(300, 11));
  expect(await passNight(story)).toMatchObject({
    verdict: "quiet",
    issues: ["#2 closed: churn: no drift any more"],
    pulls: first.pulls,
    head: own,
  });
  expect(await story.production()).toBe("v1.0.0");

  // the same on a person's own machine, from a clone
  const clone = join(folder, "clone");
  await promisify(execFile)("git", ["clone", "--quiet", story.sandbox.person("ada").cloneUrl("ada/shop"), clone]);
  const quiet = await runCli(clone, ["watch", "--json"]);
  expect(quiet).toMatchObject({ code: 0 });
  const { performance, ...local } = driftReportSchema.parse(JSON.parse(quiet.stdout));
  expect(local).toMatchObject({ model: "churn", version: "v1.0.0", verdict: "quiet" });
  expect(performance).toMatchObject({ labelled: 300 });
  await arrive(makeMoved(12));
  const drifted = await runCli(clone, ["watch", "churn"]);
  expect(drifted).toMatchObject({ code: 1 });
  expect(drifted.stdout).toMatch(/^churn: current data against what v1\.0\.0 was trained on\n\nDrift: 1 of /);
}

it("a watch keeps one issue and one retraining pull request while there is drift, and leaves people's work alone", async () => {
  await withTemporaryFolder("warehouse", tell);
}, 120_000);
