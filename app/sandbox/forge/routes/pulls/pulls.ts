import { type Context, githubError, type JsonObject } from "#sandbox/forge/contract.ts";
import { hasRole } from "#sandbox/forge/auth/permit.ts";
import { checkBody, checkTitle } from "#sandbox/forge/issues/check-text.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { presentPull, presentPullBriefly, pullRange } from "#sandbox/forge/present/pull.ts";
import { closePull, reopenPull } from "#sandbox/forge/pulls/close-pull.ts";
import { emitPull } from "#sandbox/forge/pulls/emit-pull.ts";
import { openAndTell } from "#sandbox/forge/pulls/open-pull.ts";
import { changePull, listPulls, mustFindPull, type Pull } from "#sandbox/forge/pulls/pull.ts";
import { testMerge } from "#sandbox/forge/pulls/test-merge.ts";
import { diffInstead } from "#sandbox/forge/routes/repository/commits.ts";

type NewPull = {
  title?: string;
  body?: string | null;
  head: string;
  head_repo?: string;
  base: string;
  draft?: boolean;
  issue?: number;
  maintainer_can_modify?: boolean;
};
type Change = {
  title?: string;
  body?: string | null;
  state?: "open" | "closed";
  base?: string;
  maintainer_can_modify?: boolean;
};

function select(ctx: Context): Pull[] {
  const { state = "open", head, base, sort = "created", direction } = ctx.query;
  const [owner, ref] = head === undefined ? [] : head.split(/:(.*)/s, 2);
  const ownerOf = ({ pull }: Pull): string => (ctx.forge.repoById(pull.head.repository) ?? ctx.repo).record.owner;
  const wanted = listPulls(ctx.repo)
    .filter(({ issue }) => state === "all" || issue.state === state)
    .filter(({ pull }) => base === undefined || pull.base.ref === base)
    // without "owner:" GitHub ignores the filter
    .filter(
      (found) =>
        ref === undefined || (found.pull.head.ref === ref && owner?.toLowerCase() === ownerOf(found).toLowerCase()),
    );
  const by = ({ issue }: Pull): string => (sort === "updated" ? issue.updated_at : issue.created_at);
  wanted.sort((a, b) => by(a).localeCompare(by(b)) || a.issue.number - b.issue.number);
  const down = (direction ?? (sort === "created" ? "desc" : "asc")) === "desc";
  return down ? wanted.toReversed() : wanted;
}

async function retarget(forge: ForgeInside, ctx: Context<Change>, found: Pull, base: string): Promise<Pull> {
  const { repo } = ctx;
  const tip = await repo.git.branch(base);
  const invalid = (message: string): never => {
    throw githubError(422, "Validation Failed", [{ resource: "PullRequest", code: "invalid", field: "base", message }]);
  };
  if (tip === undefined) return invalid(`Proposed base branch '${base}' was not found`);
  const taken = listPulls(repo).some(
    ({ issue, pull }) =>
      issue.state === "open" &&
      issue.number !== found.issue.number &&
      pull.base.ref === base &&
      pull.head.repository === found.pull.head.repository &&
      pull.head.ref === found.pull.head.ref,
  );
  if (taken)
    invalid(`A pull request already exists for base branch '${base}' and head branch '${found.pull.head.ref}'`);
  const moved = changePull(repo, found, { pull: { base: { ref: base, sha: tip }, mergeable: null, tested: null } });
  forge.office.track(testMerge(forge, repo, found.issue.number).then(() => {}));
  return moved;
}

async function edit(forge: ForgeInside, ctx: Context<Change>, found: Pull): Promise<void> {
  const { repo, body, actor, now } = ctx;
  const { title, base, maintainer_can_modify } = body;
  const changes: JsonObject = {};
  let edited = found;
  if (title !== undefined && title !== found.issue.title) {
    changes["title"] = { from: found.issue.title };
    edited = changePull(repo, edited, { issue: { title, updated_at: now } });
  }
  if (body.body !== undefined && body.body !== found.issue.body) {
    changes["body"] = { from: found.issue.body ?? "" };
    edited = changePull(repo, edited, { issue: { body: body.body, updated_at: now } });
  }
  if (base !== undefined && base !== found.pull.base.ref) {
    changes["base"] = { ref: { from: found.pull.base.ref }, sha: { from: found.pull.base.sha } };
    edited = await retarget(forge, ctx, edited, base);
  }
  if (maintainer_can_modify !== undefined && found.pull.head.repository !== repo.id) {
    edited = changePull(repo, edited, { pull: { maintainer_can_modify } });
  }
  if (Object.keys(changes).length > 0) await emitPull(forge, repo, found.issue.number, "edited", actor, { changes });
  const { state } = body;
  if (state === undefined || state === edited.issue.state) return;
  if (state === "closed") await closePull(forge, repo, edited, actor);
  else await reopenPull(forge, repo, edited, actor);
}

/** Pull requests: opened, listed, read, edited, closed and opened again. */
export function registerPulls(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}/pulls", {
    permission: { pull_requests: "read" },
    handler: (ctx) => paginate(ctx, select(ctx), (found) => presentPullBriefly(forge, ctx.repo, found)),
  });
  forge.route<NewPull>("POST /repos/{owner}/{repo}/pulls", {
    permission: { pull_requests: "write" },
    role: "read",
    handler: async ({ repo, body, actor }) => {
      const { title = "", head, head_repo, base, draft = false, maintainer_can_modify } = body;
      checkTitle("PullRequest", title);
      checkBody("PullRequest", body.body);
      const wanted = {
        title,
        body: body.body ?? null,
        head,
        base,
        draft,
        ...(head_repo === undefined ? {} : { headRepository: head_repo }),
        ...(maintainer_can_modify === undefined ? {} : { maintainerCanModify: maintainer_can_modify }),
      };
      const found = await openAndTell(forge, repo, wanted, actor);
      const answer = await presentPull(forge, repo, found);
      return { status: 201, body: answer, headers: { location: String(answer["url"]) } };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
    permission: { pull_requests: "read" },
    handler: async ({ repo, params, accept }) => {
      const found = mustFindPull(repo, params["pull_number"]);
      const { from, to } = await pullRange(repo, found);
      const text = await diffInstead(repo, accept, from, to);
      if (text !== undefined) return text;
      // whoever asks before the test merge is known is told null, and starts it
      if (found.issue.state === "open" && found.pull.mergeable === null) {
        forge.office.track(testMerge(forge, repo, found.issue.number).then(() => {}));
      }
      return { status: 200, body: await presentPull(forge, repo, found) };
    },
  });
  forge.route<Change>("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
    permission: { pull_requests: "write" },
    role: "read",
    handler: async (ctx) => {
      const { repo, params, actor } = ctx;
      const found = mustFindPull(repo, params["pull_number"]);
      const may = actor.kind !== "user" || found.issue.user === ctx.login || hasRole(repo.roleOf(ctx.login), "triage");
      if (!may) throw githubError(403, "Resource not accessible by personal access token");
      if (ctx.body.title !== undefined) checkTitle("PullRequest", ctx.body.title);
      checkBody("PullRequest", ctx.body.body);
      await repo.git.exclusively(() => edit(forge, ctx, found));
      return { status: 200, body: await presentPull(forge, repo, mustFindPull(repo, found.issue.number)) };
    },
  });
}
