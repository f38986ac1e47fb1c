import type { Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { forksOf } from "#sandbox/forge/forks/network.ts";
import { nodeId, presentAccount } from "./account.ts";

const templates: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

/** Schema "minimal-repository" without counts. */
export function presentRepositoryBriefly(forge: Forge, repo: Repo): JsonObject {
  const { record, fullName } = repo;
  const url = `${forge.urls.api}/repos/${fullName}`;
  return {
    id: repo.id,
    node_id: nodeId("R", repo.id),
    name: record.name,
    full_name: fullName,
    private: record.private,
    owner: presentAccount(forge.urls, forge.account(record.owner)),
    html_url: `${forge.urls.server}/${fullName}`,
    description: record.description,
    fork: record.fork !== undefined,
    url,
    ...Object.fromEntries(Object.entries(templates).map(([name, path]) => [name, url + path])),
  };
}

/** Schemas "repository" and "full-repository", also as `repository` in webhooks. */
export function presentRepository(forge: Forge, repo: Repo): JsonObject {
  const { record, fullName } = repo;
  const page = `${forge.urls.server}/${fullName}`;
  const forks = forksOf(forge, repo).length;
  return {
    ...presentRepositoryBriefly(forge, repo),
    git_url: `git:${page.replace(/^https?:/, "")}.git`,
    ssh_url: `git@${new URL(forge.urls.server).hostname}:${fullName}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    forks,
    forks_count: forks,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    default_branch: record.default_branch,
    open_issues: openIssues(repo),
    open_issues_count: openIssues(repo),
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: record.private ? "private" : "public",
    license: null,
    allow_forking: true,
    web_commit_signoff_required: false,
    created_at: record.created_at,
    updated_at: record.updated_at,
    pushed_at: record.pushed_at,
    allow_rebase_merge: record.allow_rebase_merge,
    allow_squash_merge: record.allow_squash_merge,
    allow_merge_commit: record.allow_merge_commit,
    allow_auto_merge: false,
    allow_update_branch: false,
    delete_branch_on_merge: record.delete_branch_on_merge,
  };
}

/** Schema "full-repository": what is said of one repository when it is asked for itself. */
export function presentWhole(forge: Forge, repo: Repo): JsonObject {
  const parent = forge.repoById(repo.record.fork?.parent ?? 0);
  const root = forge.repoById(repo.record.fork?.root ?? 0);
  return {
    ...presentRepository(forge, repo),
    network_count: forksOf(forge, repo).length,
    subscribers_count: 0,
    ...(parent === undefined ? {} : { parent: presentRepository(forge, parent) }),
    ...(root === undefined ? {} : { source: presentRepository(forge, root) }),
  };
}

function openIssues(repo: Repo): number {
  return repo
    .store<{ id: number; state: string }>("issues")
    .list()
    .filter((issue) => issue.state === "open").length;
}
