import type { Model } from "#core/config/config.ts";
import type { DriftReport } from "#core/drift/drift-record.ts";
import { addMarker, readMarker } from "#core/message/marker.ts";
import {
  refreshMessage,
  renderRetrainPull,
  sayNobodyAsked,
  sayRobotStopped,
} from "#core/message/pull/render-retrain-pull.ts";
import type { CommitSha } from "#core/names.ts";
import { ServiceError, type Ports, type PullRequest } from "#core/ports.ts";
import { upsertComment } from "#flow/pull/upsert-comment.ts";
import { readRetraining, retrainBranch, type RetrainingFound } from "./read-retraining.ts";

export type Refreshed = ReadonlyMap<string, Uint8Array>;
type Question = {
  model: Model;
  report: DriftReport;
  /** under the declared data inputs, and nothing else: the bytes are the team's command's */
  files: Refreshed;
  issue: number;
};

/**
 * One rolling branch and pull request a model: made, or moved on by one commit where the data is newer; anew on the
 * default branch where that has moved. A person's commit keeps the robot off and is said once; what somebody approved or
 * queued is never pushed to; a closed one means "not now". Of two that do it at once one gives way.
 */
export async function openRetraining(ports: Ports, question: Question): Promise<void> {
  const { model, issue } = question;
  const found = await readRetraining(ports, model, null);
  const { kind } = found.state;
  if (found.open !== undefined && kind === "stopped") await saySo(ports, found.open.number, issue);
  if (kind !== "open" && kind !== "coming") return;
  try {
    await push(ports, question, found);
  } catch (error) {
    // somebody moved the branch meanwhile: another report of ours, or a person
    if (!(error instanceof ServiceError) || error.code !== "conflict") throw error;
  }
}

async function push(ports: Ports, question: Question, found: RetrainingFound): Promise<void> {
  const { model, files, report } = question;
  const base = await ports.repository.defaultBranch();
  const { head, open } = found;
  const branch = retrainBranch(model.name);
  let now = head;
  if (head === undefined || open === undefined || (await differing(ports, head, files)).size > 0) {
    const goesOn =
      head !== undefined && open !== undefined && (await ports.repository.mergeBase(head, base.head)) === base.head;
    const message = refreshMessage(model.name, report.because);
    const parent = goesOn ? head : base.head;
    const left = goesOn ? await differing(ports, head, files) : await differing(ports, base.head, files);
    const isThere = head !== undefined && !goesOn && (await isSame(ports, head, { parent, files: left, message }));
    if (!isThere) now = await ports.branches.commit({ branch, parent, files: left, message, expected: head });
  }
  const pull = await keepPull(ports, question, base, open);
  if (now !== undefined) await start(ports, pull, now);
}

/** Was exactly this commit made before, by a process that ended then? */
async function isSame(
  ports: Ports,
  head: CommitSha,
  wanted: { parent: CommitSha; files: Refreshed; message: string },
): Promise<boolean> {
  const commit = await ports.repository.commit(head);
  if (commit?.message.trimEnd() !== wanted.message.trimEnd() || commit.parents[0] !== wanted.parent) return false;
  return (await differing(ports, head, wanted.files)).size === 0;
}

/** Files that a commit does not hold as they are. */
export async function differing(
  ports: Pick<Ports, "repository">,
  commit: CommitSha,
  files: Refreshed,
): Promise<Refreshed> {
  const tree = await ports.repository.tree(commit);
  const changed = new Map<string, Uint8Array>();
  for (const [path, bytes] of files) {
    const entry = tree.get(path);
    // oxlint-disable-next-line no-await-in-loop -- only files that are there already are read
    if (entry !== undefined && Buffer.from(bytes).equals(await ports.repository.blob(entry.blob))) continue;
    changed.set(path, bytes);
  }
  return changed;
}

async function keepPull(
  ports: Ports,
  { model, report, issue, files }: Question,
  base: { name: string; head: CommitSha },
  open: PullRequest | undefined,
): Promise<number> {
  const before = await ports.repository.tree(base.head);
  const changed = [...files].map(([path, { length: size }]) => ({ path, size, isNew: !before.has(path) }));
  const { title, body } = renderRetrainPull({ model: model.name, report, files: changed, issue });
  if (open !== undefined) {
    if (open.title !== title || open.body !== body) await ports.pulls.edit(open.number, { title, body });
    return open.number;
  }
  const pull = await ports.pulls.open({ title, body, head: retrainBranch(model.name), base: base.name });
  await askReviewers(ports, pull.number, model.monitor?.retrain?.reviewers ?? []);
  return pull.number;
}

/** A name that nobody has costs the model no night: it is said where the people are who can mend it. */
async function askReviewers(ports: Ports, pull: number, reviewers: readonly string[]): Promise<void> {
  if (reviewers.length === 0) return;
  try {
    await ports.pulls.requestReviewers(pull, reviewers);
  } catch (error) {
    if (!(error instanceof ServiceError) || (error.code !== "refused" && error.code !== "not-found")) throw error;
    const body = addMarker(sayNobodyAsked(reviewers, error.message), "reviewers", { pull: String(pull) });
    await upsertComment(ports.comments, pull, (own) => readMarker(own)?.kind === "reviewers", body);
  }
}

/** What a workflow's token opens or pushes starts nothing by itself; the check says that it was started. */
async function start(ports: Ports, pull: number, head: CommitSha): Promise<void> {
  if (ports.workflows.oursStart || (await ports.checks.find(head)) !== undefined) return;
  const { run } = await ports.workflows.dispatch({ command: "train", pull: String(pull), head, again: "false" });
  await ports.checks.create(head, {
    state: { kind: "in_progress" },
    title: "Training",
    summary: "Started by dispatch: what a workflow's token pushes starts no run by itself.",
    externalId: run === undefined ? "" : `run:${run}`,
  });
}

async function saySo(ports: Ports, pull: number, issue: number): Promise<void> {
  const body = addMarker(sayRobotStopped(issue), "stopped", { pull: String(pull) });
  await upsertComment(ports.comments, pull, (own) => readMarker(own)?.kind === "stopped", body);
}
