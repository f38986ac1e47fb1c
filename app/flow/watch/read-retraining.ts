import type { Model } from "#core/config/config.ts";
import { isOurRefresh } from "#core/message/pull/render-retrain-pull.ts";
import type { Retraining } from "#core/message/drift/drift-facts.ts";
import type { CommitSha } from "#core/names.ts";
import type { Ports, PullRequest } from "#core/ports.ts";

/** The one rolling branch of a model. Evidence lives on "trainyard": git knows no branch beneath another one's name. */
export const retrainBranch = (model: string): string => `retrain/${model}`;

type Needed = Pick<Ports, "repository" | "branches" | "pulls" | "now">;

export type RetrainingFound = {
  state: Retraining;
  open: PullRequest | undefined;
  head: CommitSha | undefined;
};

/** How it stands with the retraining pull request of a model. Reads only. `note`: why the last watch brought no data. */
export async function readRetraining(ports: Needed, model: Model, note: string | null): Promise<RetrainingFound> {
  const retrain = model.monitor?.retrain;
  const nothing = { open: undefined, head: undefined };
  if (retrain === undefined) return { state: { kind: "none" }, ...nothing };
  const branch = retrainBranch(model.name);
  const [pulls, head] = await Promise.all([ports.pulls.ofBranch(branch), ports.branches.head(branch)]);
  const open = pulls.find(({ state }) => state === "open");
  const [newest] = pulls;
  const found = { open, head };
  if (open !== undefined && head !== undefined) {
    const { number: pull } = open;
    const commit = await ports.repository.commit(head);
    if (commit === undefined || !isOurRefresh(commit.message, model.name))
      return { state: { kind: "stopped", pull }, ...found };
    const why = await ports.pulls.isSettled(pull);
    return { state: why === undefined ? { kind: "open", pull, note } : { kind: "held", pull, why }, ...found };
  }
  if (newest !== undefined && newest.state === "closed" && !newest.merged) {
    const until = new Date((newest.closedAt?.getTime() ?? 0) + retrain.notNowMs);
    if (until > ports.now())
      return { state: { kind: "not-now", pull: newest.number, until: until.toISOString() }, ...found };
  }
  if (head !== undefined && (await isTheirs(ports, head, { model: model.name, closed: newest })))
    return {
      state: {
        kind: "nothing",
        note: `the branch "${branch}" holds somebody's commits, which nobody has merged: rename it`,
      },
      ...found,
    };
  if (note !== null) return { state: { kind: "nothing", note }, ...found };
  return { state: { kind: "coming" }, ...found };
}

/** Would moving the branch lose a person's work? What was in a pull request stays there, and what is merged is safe. */
async function isTheirs(
  ports: Needed,
  head: CommitSha,
  { model, closed }: { model: string; closed: PullRequest | undefined },
): Promise<boolean> {
  if (closed?.head.sha === head) return false;
  const [commit, base] = await Promise.all([ports.repository.commit(head), ports.repository.defaultBranch()]);
  if (commit === undefined || isOurRefresh(commit.message, model)) return false;
  return (await ports.repository.mergeBase(head, base.head)) !== head;
}
