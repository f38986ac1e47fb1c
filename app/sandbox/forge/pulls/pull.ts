import { githubError, type Repo } from "#sandbox/forge/contract.ts";
import type { IssueRecord, PullRecord } from "#sandbox/forge/records.ts";

/** A pull request: what it shares with issues, and what it has besides. */
export type Pull = { issue: IssueRecord; pull: PullRecord };

export function findPull(repo: Repo, number: number): Pull | undefined {
  const pull = repo.store<PullRecord>("pulls").find((one) => one.number === number);
  const issue = pull === undefined ? undefined : repo.store<IssueRecord>("issues").find((one) => one.number === number);
  return pull === undefined || issue === undefined ? undefined : { issue, pull };
}

/** Throws 404. */
export function mustFindPull(repo: Repo, number: string | number | undefined): Pull {
  const found = findPull(repo, Number(number));
  if (found === undefined) throw githubError(404, "Not Found");
  return found;
}

/** All pull requests, oldest first. */
export function listPulls(repo: Repo): Pull[] {
  const issues = new Map(
    repo
      .store<IssueRecord>("issues")
      .list()
      .map((issue) => [issue.number, issue]),
  );
  return repo
    .store<PullRecord>("pulls")
    .list()
    .flatMap((pull) => {
      const issue = issues.get(pull.number);
      return issue === undefined ? [] : [{ issue, pull }];
    });
}

export function openPulls(repo: Repo): Pull[] {
  return listPulls(repo).filter(({ issue }) => issue.state === "open");
}

/** Has a pull request of this account ever been merged here? */
export function hasMerged(repo: Repo, login: string): boolean {
  return listPulls(repo).some(({ issue, pull }) => pull.merged && issue.user === login);
}

export function changePull(
  repo: Repo,
  { pull, issue }: Pull,
  change: { pull?: Partial<PullRecord>; issue?: Partial<IssueRecord> },
): Pull {
  return {
    pull: change.pull === undefined ? pull : repo.store<PullRecord>("pulls").set(pull.id, change.pull),
    issue: change.issue === undefined ? issue : repo.store<IssueRecord>("issues").set(issue.id, change.issue),
  };
}
