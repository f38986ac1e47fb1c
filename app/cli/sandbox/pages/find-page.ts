import type { StoredJob } from "#sandbox/actions/link/run-store.ts";
import type { Forge, Repo } from "#sandbox/forge/contract.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import { liveAddresses, type Addresses } from "#web/addresses.ts";
import { html, type Html } from "#web/html.ts";
import { renderPage } from "#web/layout.ts";
import { renderIssue, renderPull } from "#web/page/discussion-page.ts";
import { renderFront } from "#web/page/front-page.ts";
import { renderRelease } from "#web/page/release-page.ts";
import { renderJob, renderRun } from "#web/page/run-page.ts";
import { findActs } from "./find-acts.ts";
import { readFront } from "./read-front.ts";
import { readIssue } from "./read-issue.ts";
import { readLog } from "./read-log.ts";
import { readPull } from "./read-pull.ts";
import { hasRelease, readRelease } from "./read-release.ts";
import { readRun } from "./read-run.ts";
import { readStages } from "./read-stages.ts";
import type { Asked, PageAnswer, PagesGround } from "./serve-pages.ts";

type Viewer = {
  /** opened the link, and may act */
  isKnown: boolean;
  /** a page that is open asks what is new: its log has grown already */
  isPoll: boolean;
};
type Place = PagesGround & { repo: Repo; addresses: Addresses; viewer: Viewer; path: string };
/** `above`: pages between the repository's and this one. */
type Found = { title: string; body: Html; above?: Trail };
type Trail = Parameters<typeof renderPage>[0]["trail"];

/** The page at an address, or the page that says there is none. What is private is shown to who opened the link. */
export async function findPage(ground: PagesGround, asked: Asked, viewer: Viewer): Promise<PageAnswer> {
  const { repo, rest, url } = asked;
  const { forge } = ground;
  if (repo === undefined) return toAnswer(await Promise.resolve(listRepositories(forge, viewer)), [], viewer);
  if (repo.record.private && !viewer.isKnown) return notFound();
  const addresses = addressesOf(repo);
  const place = { ...ground, repo, addresses, viewer, path: url.pathname };
  if (rest.join("/").match(/^actions\/runs\/\d+\/job\/\d+\/log$/) !== null)
    return (await sendLog(place, rest, url.searchParams.get("from"))) ?? notFound();
  const found = await findBody(place, rest);
  if (found === undefined) return notFound();
  const home = { title: repo.fullName, address: `/${repo.fullName}` };
  const sandbox = { title: "sandbox", address: "/" };
  return toAnswer(found, rest.length === 0 ? [sandbox] : [sandbox, home, ...(found.above ?? [])], viewer);
}

async function findBody(place: Place, rest: readonly string[]): Promise<Found | undefined> {
  const { forge, repo, addresses, viewer } = place;
  const [kind, one, id, job, jobId] = rest;
  const number = Number(rest.length === 2 && /^\d{1,9}$/.test(one ?? "") ? one : Number.NaN);
  if (kind === undefined) {
    const front = await readFront(forge, repo);
    return { title: front.title, body: renderFront(front, addresses) };
  }
  if (kind === "pull") {
    const pull = await readPull(repo, number);
    const acts = pull === undefined || !viewer.isKnown ? undefined : findActs(forge, repo, place.path, pull);
    return pull && { title: `${pull.title} #${pull.number}`, body: renderPull(pull, addresses, acts) };
  }
  if (kind === "issues") {
    const issue = readIssue(repo, number);
    const acts = issue === undefined || !viewer.isKnown ? undefined : findActs(forge, repo, place.path, issue);
    return issue && { title: `${issue.title} #${issue.number}`, body: renderIssue(issue, addresses, acts) };
  }
  if (kind === "releases" && one === "tag") {
    const release = await readRelease(repo, rest.slice(2).join("/"), await readStages(repo));
    return release && { title: release.title, body: renderRelease(release, addresses) };
  }
  if (kind !== "actions" || one !== "runs") return undefined;
  const run = readRun(repo, Number(id));
  if (run === undefined) return undefined;
  if (rest.length === 3) return { title: run.title, body: renderRun(run, addresses) };
  const found = job === "job" && rest.length === 5 ? run.jobs.find((known) => known.id === Number(jobId)) : undefined;
  if (found === undefined) return undefined;
  const log = await logOf(place, found.id, undefined);
  const above = [{ title: run.title, address: addresses.of({ kind: "run", run: run.id }) ?? "/" }];
  return log && { title: found.name, body: renderJob(found, log, addresses), above };
}

async function logOf({ repo, logPath, viewer }: Place, id: number, from: number | undefined) {
  const job = repo.store<StoredJob>("workflow-jobs").get(id);
  if (job === undefined) return undefined;
  if (viewer.isPoll) return { text: "", next: 0, ended: false };
  return await readLog(logPath(job), from, job.status === "completed");
}

async function sendLog(place: Place, rest: readonly string[], from: string | null): Promise<PageAnswer | undefined> {
  const job = place.repo.store<StoredJob>("workflow-jobs").get(Number(rest[4]));
  if (job === undefined || job.run !== Number(rest[2])) return undefined;
  const log = await logOf(place, job.id, /^\d{1,12}$/.test(from ?? "") ? Number(from) : undefined);
  return log && { status: 200, type: "json", text: JSON.stringify(log) };
}

function listRepositories(forge: Forge, viewer: Viewer): Found {
  const rows = forge
    .repos()
    .filter(({ record }) => viewer.isKnown || !record.private)
    .map(({ fullName, record }) => {
      const about = record.description ?? "";
      return html`<li><a href="/${fullName}">${fullName}</a> <span class="quiet">${about}</span></li>`;
    });
  const list = html`<ul class="list">
    ${rows}
  </ul>`;
  const none = html`<p class="quiet">There is no repository yet.</p>`;
  return {
    title: "sandbox",
    body: html`<h1>A GitHub on this machine</h1>
      <h2>Repositories</h2>
      ${rows.length === 0 ? none : list}`,
  };
}

function addressesOf(repo: Repo): Addresses {
  const issues = repo.store<IssueRecord>("issues").list();
  const kinds = new Map(issues.map(({ number, pull }) => [number, pull ? ("pull" as const) : ("issue" as const)]));
  return liveAddresses(
    repo.fullName,
    (number) => kinds.get(number),
    (tag) => hasRelease(repo, tag),
  );
}

function toAnswer({ title, body }: Found, trail: Trail, viewer: Viewer): PageAnswer {
  const reading = "To comment, review and merge here, open the link that the sandbox printed when it started.";
  const footer = `A GitHub on this machine, and not GitHub. ${viewer.isKnown ? "What is done here is done in its folder." : reading}`;
  return { status: 200, type: "html", text: renderPage({ title, trail, body, footer, live: true }) };
}

function notFound(): PageAnswer {
  return refuse(404, "There is no such page here.");
}

/** A page that says why nothing came of it, and what was typed, so that it is not lost. */
export function refuse(status: number, why: string, typed = ""): PageAnswer {
  const kept = html`<h2>What you wrote</h2>
    <pre tabindex="0">${typed}</pre>`;
  const body = html`<h1>${status === 404 ? "Not found" : "It was refused"}</h1>
    <p class="problem">${why}</p>
    ${typed.trim() === "" ? undefined : kept}`;
  const trail = [{ title: "sandbox", address: "/" }];
  const text = renderPage({ title: String(status), trail, body, footer: "A GitHub on this machine.", live: false });
  return { status, type: "html", text };
}
