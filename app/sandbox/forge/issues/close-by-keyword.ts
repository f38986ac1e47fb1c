import type { Actor, Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { mustFindPull } from "#sandbox/forge/pulls/pull.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import { changeIssue } from "./change-issue.ts";

/**
 * Numbers of the issues that a text closes once it is on the default branch: "Closes #7", "fixed owner/repo#8". GitHub's
 * list of words: docs.github.com, "Linking a pull request to an issue". The text is untrusted.
 */
function readClosingKeywords(repo: Repo, text: string): readonly number[] {
  const pattern = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?::\s*|\s+)([\w.-]+\/[\w.-]+)?#(\d{1,9})\b/gi;
  const numbers = [...text.matchAll(pattern)]
    .filter(([, name]) => name === undefined || name.toLowerCase() === repo.fullName.toLowerCase())
    .map(([, , number]) => Number(number));
  return [...new Set(numbers)];
}

/** Closes the open issues that these texts name. */
async function closeByKeyword(forge: ForgeInside, repo: Repo, texts: readonly string[], actor: Actor): Promise<void> {
  const numbers = new Set(texts.flatMap((text) => readClosingKeywords(repo, text)));
  for (const issue of repo.store<IssueRecord>("issues").list()) {
    if (issue.pull || issue.state === "closed" || !numbers.has(issue.number)) continue;
    // oxlint-disable-next-line no-await-in-loop -- events come in the order of the issues
    await changeIssue(forge, repo, issue, { state: "closed", state_reason: "completed" }, actor);
  }
}

/** Closes issues by what reaches the default branch: bodies of merged pull requests, messages of commits. */
export function closingKeywords(forge: ForgeInside): void {
  forge.on("push", async ({ repo, payload, actor }) => {
    if (payload["ref"] !== `refs/heads/${repo.record.default_branch}`) return;
    const commits: unknown = payload["commits"];
    const messages = Array.isArray(commits)
      ? commits.map((commit: { message?: unknown }) => String(commit.message))
      : [];
    await closeByKeyword(forge, repo, messages, actor);
  });
  forge.on("pull_request", async ({ repo, action, payload, actor }) => {
    if (action !== "closed") return;
    const { issue, pull } = mustFindPull(repo, Number(payload["number"]));
    if (!pull.merged || pull.base.ref !== repo.record.default_branch) return;
    await closeByKeyword(forge, repo, [issue.body ?? ""], actor);
  });
}
