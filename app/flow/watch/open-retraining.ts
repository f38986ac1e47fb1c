import type { Model } from "#core/config/config.ts";
import type { DriftReport } from "#core/evidence.ts";
import { readRetrainMarker, renderRetrainPull } from "#core/message/pull/render-retrain-pull.ts";
import type { Ports, PullRequest } from "#core/ports.ts";

type Question = {
  model: Model;
  report: DriftReport;
  /** under the declared data inputs; the bytes are the team's command's */
  files: readonly { path: string; base64: string }[];
  issue: number;
};

/** How the robot's own commits begin; whatever else is on the branch, a person wrote. */
const subject = (model: string): string => `Refresh the data of ${model}`;

/**
 * One rolling branch and pull request a model and version: made, or moved on by one commit where the data is newer. A
 * person's commit on the branch keeps the robot off. Answers the pull request's number; undefined where there is none.
 */
export async function openRetraining(ports: Ports, question: Question): Promise<number | undefined> {
  const { model, report } = question;
  // The evidence lives on the branch "trainyard": git knows no branch beneath another one's name.
  const branch = `retrain/${model.name}-${report.version}`;
  const base = await ports.repository.defaultBranch();
  const open = await ports.pulls.fromBranch(branch);
  const head = await ports.branches.head(branch);
  if (head !== undefined && open === undefined && (await wasClosed(ports, branch))) return undefined;
  if (head !== undefined) {
    const commit = await ports.repository.commit(head);
    if (commit?.message.startsWith(subject(model.name)) !== true) return open?.number;
  }
  const parent = head ?? base.head;
  const files = await newer(ports, parent, question.files);
  if (files.size > 0) {
    const message = `${subject(model.name)}\n\n${report.because.slice(0, 2_000)}`;
    await ports.branches.commit({ branch, parent, files, message, expected: head });
  } else if (head === undefined) return undefined;
  const pull = await openPull(ports, question, branch, base.name, open);
  const now = await ports.branches.head(branch);
  // What a workflow's token opens or pushes starts nothing by itself.
  if (!ports.workflows.oursStart && files.size > 0 && now !== undefined)
    await ports.workflows.dispatch({ command: "train", pull: String(pull), head: now, again: "false" });
  return pull;
}

/** Files that differ from what the branch has. */
async function newer(
  ports: Ports,
  parent: Parameters<Ports["repository"]["tree"]>[0],
  files: Question["files"],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const tree = await ports.repository.tree(parent);
  const changed = new Map<string, Uint8Array>();
  for (const { path, base64 } of files) {
    const bytes = Buffer.from(base64, "base64");
    const entry = tree.get(path);
    // oxlint-disable-next-line no-await-in-loop -- only files that the branch has already are read
    if (entry !== undefined && bytes.equals(await ports.repository.blob(entry.blob))) continue;
    changed.set(path, bytes);
  }
  return changed;
}

async function openPull(
  ports: Ports,
  question: Question,
  branch: string,
  base: string,
  open: PullRequest | undefined,
): Promise<number> {
  const { model, report, issue } = question;
  const { title, body } = renderRetrainPull({
    model: model.name,
    report,
    files: question.files.map(({ path }) => path),
    issue,
  });
  if (open !== undefined) {
    if (open.title !== title || open.body !== body) await ports.pulls.edit(open.number, { title, body });
    return open.number;
  }
  const pull = await ports.pulls.open({ title, body, head: branch, base });
  const reviewers = model.monitor?.retrain?.reviewers ?? [];
  if (reviewers.length > 0) await ports.pulls.requestReviewers(pull.number, reviewers);
  return pull.number;
}

/** Somebody closed our pull request for this version: not now. A newer version gets a new branch. */
async function wasClosed(ports: Ports, branch: string): Promise<boolean> {
  const head = await ports.branches.head(branch);
  if (head === undefined) return false;
  const pulls = await ports.pulls.ofCommit(head);
  return pulls.some((pull) => pull.state === "closed" && !pull.merged && readRetrainMarker(pull.body) !== undefined);
}
