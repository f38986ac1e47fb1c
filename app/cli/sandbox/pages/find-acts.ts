import { hasRole } from "#sandbox/forge/auth/permit.ts";
import type { Forge, Repo } from "#sandbox/forge/contract.ts";
import type { Acts, IssuePage, PullPage } from "#web/pages.ts";

/** Who can act in a repository: its people, first those who were added to it, then its owner. */
export function findPeople(forge: Forge, { record }: Repo): readonly string[] {
  const names = [...Object.keys(record.collaborators), record.owner];
  return [...new Set(names)].filter((login) => forge.account(login)?.type === "User");
}

/** Which buttons a pull request or an issue has now. */
export function findActs(forge: Forge, repo: Repo, address: string, page: PullPage | IssuePage): Acts {
  const { record } = repo;
  const isPull = "head" in page;
  const isOpen = page.state === "open" || page.state === "draft";
  const methods = [
    ...(record.allow_merge_commit ? (["merge"] as const) : []),
    ...(record.allow_squash_merge ? (["squash"] as const) : []),
    ...(record.allow_rebase_merge ? (["rebase"] as const) : []),
  ];
  return {
    address,
    people: findPeople(forge, repo),
    merge: isPull && page.state === "open" ? methods : [],
    canReview: isPull && isOpen,
    canClose: isOpen,
    canReopen: page.state === "closed",
    canRevert: page.state === "merged",
  };
}

/** Whether a person may do what only a button does, and no request of the API. */
export function mayWrite(repo: Repo, login: string): boolean {
  return hasRole(repo.roleOf(login), "write");
}
