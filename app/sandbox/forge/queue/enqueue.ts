import { hasRole } from "#sandbox/forge/auth/permit.ts";
import { type Actor, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { mergeCommits } from "#sandbox/forge/git/merge-trees.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { emitPull } from "#sandbox/forge/pulls/emit-pull.ts";
import { missingChecks } from "#sandbox/forge/pulls/missing-checks.ts";
import { mustFindPull } from "#sandbox/forge/pulls/pull.ts";
import { mergeViolations } from "#sandbox/forge/rules/judge-merge.ts";
import { sayMissing } from "#sandbox/forge/rules/judge-ref.ts";
import { queueOf } from "#sandbox/forge/rules/ruleset.ts";
import { advanceQueue, dequeue } from "./advance-queue.ts";
import { entriesOf, type QueueEntry } from "./queue-entry.ts";

/**
 * What the button "Merge when ready" does where a queue guards the branch: the pull request waits its turn. GitHub has it
 * in buttons and in GraphQL (`enqueuePullRequest`) only, so the sandbox has it as a person's deed. Throws GitHub's 403, 422.
 */
export async function enqueuePull(forge: ForgeInside, repo: Repo, number: number, login: string): Promise<void> {
  const actor = mustWrite(forge, repo, login);
  await repo.git.exclusively(async () => {
    const { pull, issue } = mustFindPull(repo, number);
    const branch = pull.base.ref;
    const refuse = (why: string): never => {
      throw githubError(422, `Pull request #${number} cannot be added to the merge queue: ${why}`);
    };
    const base = await repo.git.branch(branch);
    if (queueOf(repo, branch) === undefined || base === undefined) return refuse(`"${branch}" has none`);
    if (issue.state !== "open") refuse("it is closed");
    if (pull.draft) refuse("it is a draft");
    if (entriesOf(repo, branch).some((entry) => entry.pull === number)) refuse("it is in it");
    const [missing] = missingChecks(repo, branch, pull.head.sha);
    if (missing !== undefined) refuse(sayMissing(missing));
    const [violation] = await mergeViolations(repo, { pull, issue }, base, actor);
    if (violation !== undefined) refuse(violation);
    const merge = await mergeCommits(repo.git, base, pull.head.sha);
    if (merge.kind === "conflict") refuse("it conflicts with its base");
    repo.store<QueueEntry>("merge-queue").add({
      id: forge.nextId(),
      pull: number,
      base: branch,
      head: pull.head.sha,
      by: login,
      at: forge.instant(),
      group: null,
    });
    await emitPull(forge, repo, number, "enqueued", actor);
    await advanceQueue(forge, repo, branch);
  });
}

/** What "Remove from queue" does. Throws 404 where it is in none. */
export async function dequeuePull(forge: ForgeInside, repo: Repo, number: number, login: string): Promise<void> {
  const actor = mustWrite(forge, repo, login);
  await repo.git.exclusively(async () => {
    const entry = entriesOf(repo).find(({ pull }) => pull === number);
    if (entry === undefined) throw githubError(404, `Pull request #${number} is in no merge queue`);
    await dequeue(forge, repo, entry, "MANUAL", actor);
    await advanceQueue(forge, repo, entry.base);
  });
}

function mustWrite(forge: ForgeInside, repo: Repo, login: string): Actor {
  const account = forge.account(login);
  if (account === undefined || !hasRole(repo.roleOf(login), "write")) {
    throw githubError(403, `"${login}" may not write to "${repo.fullName}"`);
  }
  return { kind: "user", account };
}
