import { type Actor, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { demandWorkflows } from "#sandbox/forge/auth/demand-workflows.ts";
import type { Ref, RefChange } from "#sandbox/forge/git/git-store.ts";
import { isRefName, objectId } from "#sandbox/forge/git/ref-name.ts";
import { GitError } from "#sandbox/forge/git/run-git.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import { demandRules } from "#sandbox/forge/rules/judge-ref.ts";
import { announceRefs } from "#sandbox/forge/pulls/announce-push.ts";

/** Schema "git-ref". */
function presentRef(forge: ForgeInside, repo: Repo, { name, sha, kind }: Ref): JsonObject {
  const url = `${forge.urls.api}/repos/${repo.fullName}/git`;
  const path = name.split("/").map(encodeURIComponent).join("/");
  return {
    ref: name,
    node_id: nodeId("REF", repo.id) + Buffer.from(name).toString("base64url"),
    url: `${url}/${path}`,
    object: { sha, type: kind, url: `${url}/${kind}s/${sha}` },
  };
}

async function demandWritable(repo: Repo, name: string, sha: string): Promise<Ref> {
  if (name.startsWith("refs/pull/")) throw githubError(422, "Reference name is reserved for pull requests");
  if (!objectId.test(sha)) {
    throw githubError(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].");
  }
  const found = await repo.git.info(sha);
  if (found === undefined) throw githubError(422, "Object does not exist");
  if (name.startsWith("refs/heads/") && found.kind !== "commit") throw githubError(422, "Object is not a commit");
  return { name, sha, kind: found.kind };
}

async function move(forge: ForgeInside, repo: Repo, change: RefChange, actor: Actor): Promise<void> {
  await demandRules(repo, change, actor);
  if (change.after !== null) await demandWorkflows(repo, actor, change.before, change.after);
  try {
    await repo.git.moveRefs([change]);
  } catch (cause) {
    if (cause instanceof GitError) throw githubError(422, "Reference update failed");
    throw cause;
  }
  await announceRefs(forge, repo, [change], actor);
}

/** Branches and tags as refs: created once, moved forward, deleted. */
export function registerRefs(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}/git/ref/{ref...}", {
    permission: { contents: "read" },
    handler: async ({ repo, params }) => {
      const name = `refs/${params["ref"] ?? ""}`;
      const found = await repo.git.ref(name);
      if (found === undefined) throw githubError(404, "Not Found");
      return { status: 200, body: presentRef(forge, repo, { name, ...found }) };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/git/matching-refs/{ref...}", {
    permission: { contents: "read" },
    handler: async ({ repo, params }) => {
      const refs = await repo.git.refs(`refs/${params["ref"] ?? ""}`);
      return { status: 200, body: refs.map((ref) => presentRef(forge, repo, ref)) };
    },
  });
  forge.route<{ ref: string; sha: string }>("POST /repos/{owner}/{repo}/git/refs", {
    permission: { contents: "write" },
    handler: async ({ repo, body, actor }) => {
      const { ref: name, sha } = body;
      if (!name.startsWith("refs/") || name.split("/").length < 3) {
        throw githubError(422, "Reference name must start with 'refs/' and contain at least two slashes.");
      }
      if (!isRefName(name)) throw githubError(422, `${name} is not a valid ref name.`);
      return repo.git.exclusively(async () => {
        const ref = await demandWritable(repo, name, sha);
        if ((await repo.git.ref(name)) !== undefined) throw githubError(422, "Reference already exists");
        await move(forge, repo, { name, before: null, after: sha }, actor);
        const answer = presentRef(forge, repo, ref);
        return { status: 201, body: answer, headers: { location: String(answer["url"]) } };
      });
    },
  });
  forge.route<{ sha: string; force?: boolean }>("PATCH /repos/{owner}/{repo}/git/refs/{ref...}", {
    permission: { contents: "write" },
    handler: async ({ repo, body, params, actor }) => {
      const name = `refs/${params["ref"] ?? ""}`;
      return repo.git.exclusively(async () => {
        const ref = await demandWritable(repo, name, body.sha);
        const old = await repo.git.ref(name);
        if (old === undefined) throw githubError(422, "Reference does not exist");
        if (body.force !== true && !(await isFastForward(repo, old.sha, body.sha))) {
          throw githubError(422, "Update is not a fast forward");
        }
        if (old.sha !== body.sha) await move(forge, repo, { name, before: old.sha, after: body.sha }, actor);
        return { status: 200, body: presentRef(forge, repo, ref) };
      });
    },
  });
  forge.route("DELETE /repos/{owner}/{repo}/git/refs/{ref...}", {
    permission: { contents: "write" },
    handler: async ({ repo, params, actor }) => {
      const name = `refs/${params["ref"] ?? ""}`;
      return repo.git.exclusively(async () => {
        const old = await repo.git.ref(name);
        if (old === undefined || name.startsWith("refs/pull/")) throw githubError(422, "Reference does not exist");
        if (name === `refs/heads/${repo.record.default_branch}`) {
          throw githubError(422, "Cannot delete the default branch");
        }
        await move(forge, repo, { name, before: old.sha, after: null }, actor);
        return { status: 204 };
      });
    },
  });
}

async function isFastForward(repo: Repo, from: string, to: string): Promise<boolean> {
  const [old, fresh] = await Promise.all([repo.git.resolve(from), repo.git.resolve(to)]);
  return old !== undefined && fresh !== undefined && repo.git.isAncestor(old, fresh);
}
