import type { Model } from "#core/config/config.ts";
import type { DriftFacts } from "#core/message/drift/drift-facts.ts";
import { findChanges, renderChange, type Change } from "#core/message/drift/render-change.ts";
import { readMarker } from "#core/message/marker.ts";
import { readDriftMarker, renderDriftIssue } from "#core/message/render-drift-issue.ts";
import type { Issue, Ports } from "#core/ports.ts";
import { readTick } from "#core/watch/snooze.ts";
import { upsertComment } from "#flow/pull/upsert-comment.ts";
import { observeWatch } from "./observe-watch.ts";
import { openRetraining, type Refreshed } from "./open-retraining.ts";
import { readRetraining } from "./read-retraining.ts";
import { keepSnooze } from "./keep-snooze.ts";
import { readWatched } from "./read-watched.ts";

export const driftLabel = "trainyard-drift";

type Telling = {
  /** what the watch that is told now brought; nothing is brought by whoever tells for another reason */
  files?: Refreshed | undefined;
  /** a box that somebody ticked has been read, or shall not count */
  ticksAreRead?: boolean;
};

/**
 * Brings the one issue of a model to what its nights come to: made, edited in place, reopened, closed; a comment for each
 * change of state, once; and the pull request that retrains. Reads everything anew, so whoever comes next finishes what
 * a process left that ended half-way.
 */
export async function tellWatch(ports: Ports, model: Model, telling: Telling = {}): Promise<void> {
  let observed = await observeWatch(ports, model);
  if (observed === undefined) return;
  let issue = await findIssue(ports, model);
  const tick = telling.ticksAreRead === true || issue?.state !== "open" ? undefined : readTick(issue.body);
  if (tick !== undefined) {
    await keepSnooze(ports, { model: model.name, time: tick, by: null, at: ports.now() });
    observed = (await observeWatch(ports, model)) ?? observed;
  }
  const isOn = observed.alarm.kind === "alarm" || observed.unwatched !== undefined;
  if (issue === undefined && !isOn) return;
  if (issue?.state === "closed" && (!isOn || wasClosedByHand(issue, observed))) return;
  const note = observed.report?.watch?.note ?? null;
  const facts = async (): Promise<DriftFacts> => {
    return { ...observed, retraining: (await readRetraining(ports, model, note)).state };
  };
  if (issue === undefined) {
    await ports.issues.create({ ...renderDriftIssue(await facts()), labels: [driftLabel] });
    // two at once made one each: the oldest stays
    issue = await findIssue(ports, model);
    if (issue === undefined) return;
  }
  const retrains = observed.alarm.kind === "alarm" && observed.snooze === undefined;
  const { report } = observed;
  if (retrains && report?.verdict === "drift" && telling.files !== undefined && telling.files.size > 0)
    await openRetraining(ports, { model, report, files: telling.files, issue: issue.number });
  const now = await facts();
  await sayChanges(ports, issue, now);
  const { title, body } = renderDriftIssue(now);
  const state = isOn ? "open" : "closed";
  if (issue.title === title && issue.body === body && issue.state === state) return;
  await ports.issues.update(issue.number, { title, body, state });
}

/** The model that an issue of ours tells of. */
export async function findTold(
  ports: Pick<Ports, "issues" | "repository">,
  number: number,
): Promise<string | undefined> {
  const issue = (await ports.issues.own(driftLabel)).find((one) => one.number === number);
  if (issue === undefined) return undefined;
  const names = (await readWatched(ports)).map(({ name }) => name);
  return readDriftMarker(issue.body)?.model ?? names.find((name) => issue.title.startsWith(`${name}: `));
}

/** The issue of a model: the oldest of ours. Others that two of us made at once are closed. */
async function findIssue(ports: Pick<Ports, "issues">, { name, was = name }: Model): Promise<Issue | undefined> {
  const own = (await ports.issues.own(driftLabel)).toSorted((a, b) => a.number - b.number);
  const marked = own.filter(({ body }) => [name, was].some((one) => one === readDriftMarker(body)?.model));
  // a body that somebody has written over has lost its marker, and its title tells whose it was
  const named = own.filter(({ title, body }) => readDriftMarker(body) === undefined && title.startsWith(`${name}: `));
  const [first, ...others] = [...marked, ...named].toSorted((a, b) => a.number - b.number);
  for (const { number, state } of others) {
    // oxlint-disable-next-line no-await-in-loop -- nearly never any
    if (state === "open") await ports.issues.update(number, { state: "closed" });
  }
  return first;
}

/** Somebody closed it and no watch has said anything since: it stays closed until one does. */
function wasClosedByHand({ body }: Issue, { nights, unwatched }: Pick<DriftFacts, "nights" | "unwatched">): boolean {
  const told = readDriftMarker(body);
  if (told === undefined || (told.state === "quiet" && told.unwatched === "")) return false;
  const isNew = (nights.at(-1)?.newest ?? "") > told.at || (unwatched?.since ?? "") !== told.unwatched;
  return !isNew;
}

/** A comment for each change since the issue was last told, in their order; none while somebody sleeps. */
async function sayChanges(ports: Pick<Ports, "comments" | "now">, issue: Issue, facts: DriftFacts): Promise<void> {
  const told = readDriftMarker(issue.body) ?? {
    state: issue.state === "open" ? "alarm" : "quiet",
    worse: facts.alarm.worse?.at ?? "",
    unwatched: "",
    snoozed: "",
  };
  const changes = facts.snooze === undefined ? findChanges(told, facts, ports.now()) : [];
  for (const change of changes) {
    const isIt = (body: string): boolean => isSaid(body, change);
    // oxlint-disable-next-line no-await-in-loop -- nearly never more than one
    await upsertComment(ports.comments, issue.number, isIt, renderChange(change, facts));
  }
}

function isSaid(body: string, { kind, at }: Change): boolean {
  const marker = readMarker(body);
  return marker?.kind === "change" && marker.data["change"] === kind && marker.data["at"] === at;
}
