import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readable } from "#core/message/terminal/readable.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { driftLabel } from "#flow/watch/tell-watch.ts";
import { askServer, merge, openPull, readIssues, readPull } from "./ask.ts";
import { startBranch } from "./clone.ts";
import type { Journal } from "./journal.ts";
import { model, name, owner, type Shop } from "./shop.ts";
import type { Teller } from "./teller.ts";

const here = { owner, repo: name };

/** The whole life of a model, in the order in which it is told. Every number in it is computed while it is played. */
export async function play(shop: Shop, journal: Journal, teller: Teller): Promise<void> {
  const items = await readItems(shop);
  const answers = async (): Promise<string> => {
    const { version, liked } = await askServer(shop, items);
    return `The till asks the server, which answers with ${version}: ${liked.join(", ")}.`;
  };
  await first(shop, journal, teller, answers);
  await better(shop, journal, teller, answers);
  const worse = await refused(shop, journal, teller);
  await unaffected(shop, journal, teller);
  await rebased(shop, journal, teller, worse);
  await weeks(shop, journal, teller);
  const retraining = await retrained(shop, journal, teller, answers);
  await reverted(shop, journal, teller, answers, retraining);
}

type Answers = () => Promise<string>;

async function first(shop: Shop, journal: Journal, teller: Teller, answers: Answers): Promise<void> {
  teller.chapter("1. A first model");
  await journal.record("first", "Popularity goes into production", async () => {
    await shop.clone.push("main", "Recommend what most people buy");
    teller.say("Ada pushes a shop's repository: 28 weeks of data, a list of what most people buy, and a config.");
    await shop.sandbox.settle();
    const [issue] = await readIssues(shop, "trainyard");
    if (issue === undefined) throw new Error("Nothing waits for /promote after the first push");
    teller.say(`Nobody reviewed it, so it was trained and judged, and waits: issue #${issue.number} "${issue.title}".`);
    await shop.octokit.rest.issues.createComment({ ...here, issue_number: issue.number, body: "/promote -- a start" });
    await shop.sandbox.settle();
    teller.say(await answers());
    return { pull: null, verdict: "first", issue: issue.number };
  });
}

async function better(shop: Shop, journal: Journal, teller: Teller, answers: Answers): Promise<void> {
  teller.chapter("2. A better one: the pull request");
  await journal.record("co-purchase", "Recommend what goes with what a household buys", async () => {
    await startBranch(shop.clone, "co-purchase");
    await shop.clone.overlay(join(shop.example, "changes", "co-purchase"));
    await shop.clone.push("co-purchase", "Recommend what goes with what a household buys");
    const pull = await openPull(shop, "co-purchase", "Recommend what goes with what a household buys");
    const report = await readPull(shop, pull);
    teller.say(
      `Ada opens #${pull}. Trained, compared on the same households, and said in one comment:\n\n${readable(report.comment)}`,
    );
    return report;
  });
  await journal.record("merge", "Merging ships it", async () => {
    const pull = journal.steps.at(-1)?.pull ?? 0;
    await merge(shop, pull);
    teller.say(`#${pull} is merged. Nothing is trained: the reviewed bytes are moved.`);
    teller.say(await answers());
    return { pull };
  });
}

async function refused(shop: Shop, journal: Journal, teller: Teller): Promise<number> {
  teller.chapter("3. A worse one");
  const step = await journal.record("popularity-again", "Popularity again", async () => {
    await startBranch(shop.clone, "popularity-again");
    await shop.clone.overlay(join(shop.example, "changes", "popularity-again"));
    await shop.clone.push("popularity-again", "Go back to simple");
    const pull = await openPull(shop, "popularity-again", "Go back to simple");
    const report = await readPull(shop, pull);
    teller.say(`#${pull}: ${report.says}\nIts check says ${report.conclusion ?? "nothing"}.`);
    return report;
  });
  return step.pull ?? 0;
}

async function unaffected(shop: Shop, journal: Journal, teller: Teller): Promise<void> {
  teller.chapter("4. A pull request that touches no model");
  const step = await journal.record("irrelevant", "A line in the README", async () => {
    await startBranch(shop.clone, "readme");
    const file = join(shop.clone.folder, "README.md");
    await writeFile(file, `${await readFile(file, "utf8")}\nAsk Ada before changing the model.\n`);
    await shop.clone.push("readme", "Say whom to ask");
    const started = performance.now();
    const pull = await openPull(shop, "readme", "Say whom to ask");
    const report = await readPull(shop, pull);
    teller.say(
      `#${pull} is ${report.conclusion ?? "?"} after ${((performance.now() - started) / 1_000).toFixed(1)} s, with no comment: ${report.says}`,
    );
    return report;
  });
  await journal.record("irrelevant-merge", "Its merge", async () => {
    await merge(shop, step.pull ?? 0, "squash");
    return { pull: step.pull };
  });
}

async function rebased(shop: Shop, journal: Journal, teller: Teller, pull: number): Promise<void> {
  teller.chapter("5. A rebase trains nothing");
  await journal.record("rebase", "The refused pull request is rebased", async () => {
    await shop.clone.git("checkout", "--quiet", "popularity-again");
    await shop.clone.git("fetch", "--quiet", "origin", "main");
    await shop.clone.git("rebase", "--quiet", "origin/main");
    await shop.clone.git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/popularity-again");
    await shop.sandbox.settle();
    const report = await readPull(shop, pull);
    teller.say(`#${pull} has a new head and the same recipe: answered from what is known. ${report.says}`);
    await shop.octokit.rest.pulls.update({ ...here, pull_number: pull, state: "closed" });
    await shop.sandbox.settle();
    return report;
  });
}

async function weeks(shop: Shop, journal: Journal, teller: Teller): Promise<void> {
  teller.chapter("6. Weeks pass");
  for (const week of [32, 36, 40, 44, 48]) {
    // oxlint-disable-next-line no-await-in-loop -- time passes in order
    await journal.record(`week-${week}`, `Week ${week}`, async () => {
      await shop.weeksPass(week - 3, week);
      await shop.sandbox.settle();
      const [report] = await new EvidenceReader(shop.ports.evidence).drift(model, 1);
      if (report === undefined) throw new Error(`Nobody watched in week ${week}`);
      teller.say(`Week ${week}: ${report.verdict}. ${report.because}`);
      const [issue] = await readIssues(shop, driftLabel);
      return { verdict: report.verdict, because: report.because, drift: report, issue: issue?.number ?? null };
    });
  }
  const [issue] = await readIssues(shop, driftLabel);
  if (issue !== undefined) teller.say(`Issue #${issue.number}: ${issue.title}\n\n${readable(issue.body)}`);
}

async function retrained(shop: Shop, journal: Journal, teller: Teller, answers: Answers): Promise<number> {
  teller.chapter("7. The retraining pull request");
  const step = await journal.record("retrain", "Trained again on newer weeks", async () => {
    const { data } = await shop.octokit.rest.pulls.list({ ...here, state: "open" });
    const pull = data.find(({ head }) => head.ref.startsWith("retrain/"))?.number;
    if (pull === undefined) throw new Error("No retraining pull request was opened");
    const report = await readPull(shop, pull);
    teller.say(
      `#${pull} was opened by the app, with the weeks that the team's own command fetched:\n\n${readable(report.comment)}`,
    );
    return report;
  });
  const pull = step.pull ?? 0;
  await journal.record("retrain-merge", "The retrained model ships", async () => {
    await merge(shop, pull);
    teller.say(await answers());
    await shop.sandbox.pass(7 * 86_400_000);
    await shop.sandbox.settle();
    const [issue] = await readIssues(shop, driftLabel);
    const [report] = await new EvidenceReader(shop.ports.evidence).drift(model, 1);
    teller.say(
      `The next watch: ${report?.verdict ?? "none"}. Issue #${issue?.number ?? "?"} is ${issue?.state ?? "gone"}.`,
    );
    return {
      pull,
      verdict: report?.verdict ?? null,
      because: report?.because ?? null,
      issue: issue?.number ?? null,
      issueState: issue?.state ?? null,
    };
  });
  return pull;
}

async function reverted(
  shop: Shop,
  journal: Journal,
  teller: Teller,
  answers: Answers,
  retraining: number,
): Promise<void> {
  teller.chapter("8. Second thoughts");
  await journal.record("revert", "The merge is reverted", async () => {
    const pull = await shop.sandbox.forge.revertPull(shop.repo, retraining, "ada");
    await shop.sandbox.settle();
    const report = await readPull(shop, pull);
    teller.say(`Ada presses "Revert": #${pull}, ${report.says}`);
    const started = performance.now();
    await merge(shop, pull);
    teller.say(
      `Merged; after ${((performance.now() - started) / 1_000).toFixed(1)} s the version before is back, and nothing was trained.`,
    );
    teller.say(await answers());
    return report;
  });
}

async function readItems(shop: Shop): Promise<ReadonlyMap<number, string>> {
  const text = await readFile(join(shop.example, "source", "items.csv"), "utf8");
  const rows = text.trim().split("\n").slice(1);
  return new Map(
    rows.map((row) => [Number(row.slice(0, row.indexOf(","))), row.slice(row.indexOf(",") + 1).toLowerCase()]),
  );
}
