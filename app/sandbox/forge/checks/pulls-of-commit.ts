import type { Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import type { IssueRecord, PullRecord } from "#sandbox/forge/records.ts";

/** Schema "pull-request-minimal": the open pull requests whose head is this commit; a fork's are left out, as on GitHub. */
export function presentPullsOf(forge: Forge, repo: Repo, sha: string): readonly JsonObject[] {
  const api = `${forge.urls.api}/repos/${repo.fullName}`;
  const named = { id: repo.id, url: api, name: repo.record.name };
  const open = new Set(
    repo
      .store<IssueRecord>("issues")
      .list()
      .filter((issue) => issue.pull && issue.state === "open")
      .map((issue) => issue.number),
  );
  return repo
    .store<PullRecord>("pulls")
    .list()
    .filter((pull) => pull.head.sha === sha && pull.head.repository === repo.id && open.has(pull.number))
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${api}/pulls/${pull.number}`,
      head: { ref: pull.head.ref, sha: pull.head.sha, repo: named },
      base: { ref: pull.base.ref, sha: pull.base.sha, repo: named },
    }));
}
