import type { Actor, Repo } from "#sandbox/forge/contract.ts";
import { mergeOver } from "#sandbox/forge/git/merge-trees.ts";
import { signatureOf, webSignature } from "#sandbox/forge/git/signature.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { demandRules } from "#sandbox/forge/rules/judge-ref.ts";
import { announceRefs } from "./announce-push.ts";
import { openAndTell } from "./open-pull.ts";
import { mustFindPull } from "./pull.ts";

/** What the button "Revert" does: a branch with one commit that undoes a merged pull request, and a pull request of it. */
export async function revertPull(forge: ForgeInside, repo: Repo, number: number, login: string): Promise<number> {
  const account = forge.account(login);
  const { pull, issue } = mustFindPull(repo, number);
  const refuse = (why: string): Error =>
    new Error(`Cannot revert pull request #${number} of "${repo.fullName}": ${why}`);
  if (account === undefined) throw refuse(`there is no account "${login}"`);
  if (!pull.merged || pull.merge_commit_sha === null) throw refuse("it is not merged");
  const actor: Actor = { kind: "user", account };
  const merged = pull.merge_commit_sha;
  const branch = `revert-${number}-${pull.head.ref}`;
  await repo.git.exclusively(async () => {
    const tip = await repo.git.branch(pull.base.ref);
    if (tip === undefined) throw refuse(`the branch "${pull.base.ref}" is gone`);
    const [after, before, onto] = await Promise.all([merged, pull.base.sha, tip].map((sha) => repo.git.commit(sha)));
    const trees = { base: after?.tree ?? "", ours: onto?.tree ?? "", theirs: before?.tree ?? "" };
    const undo = await mergeOver(repo.git, trees);
    if (undo.kind === "conflict") throw refuse("later changes conflict with it");
    const at = forge.now();
    const message = `Revert "${issue.title} (#${number})"\n\nThis reverts commit ${merged}.`;
    const signed = { author: signatureOf(account, at), committer: webSignature(at) };
    const commit = await repo.git.writeCommit({ tree: undo.tree, parents: [tip], ...signed, message });
    const change = { name: `refs/heads/${branch}`, before: null, after: commit };
    await demandRules(repo, change, actor);
    await repo.git.moveRefs([change]);
    await announceRefs(forge, repo, [change], actor);
  });
  const title = `Revert "${issue.title}"`;
  const body = `Reverts ${repo.fullName}#${number}`;
  const opened = await openAndTell(
    forge,
    repo,
    { title, body, head: branch, base: pull.base.ref, draft: false },
    actor,
  );
  return opened.issue.number;
}
