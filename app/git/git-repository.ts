import { parseCommitSha } from "#core/names.ts";
import { ServiceError, type Repository } from "#core/ports.ts";
import { listTree } from "./list-tree.ts";
import type { Git } from "./open-git.ts";
import { parseCommit } from "./parse-object.ts";

/**
 * The Repository port on a clone or a bare repository. The default branch is `branch` if given, else what the remote
 * `origin` says, else `main` or `master`, else the branch that is checked out.
 */
export function gitRepository(git: Git, options: { branch?: string | undefined } = {}): Repository {
  return {
    async defaultBranch() {
      for (const candidate of await candidates(git, options.branch)) {
        const head = await git.object(`${candidate.ref}^{commit}`);
        if (head !== undefined) return { name: candidate.name, head: parseCommitSha(head.id) };
      }
      if (options.branch !== undefined) {
        throw new ServiceError(
          "not-found",
          `Cannot find the branch "${options.branch}" in "${git.folder}": fetch it, or name another`,
        );
      }
      throw new ServiceError(
        "not-found",
        `Cannot find a default branch in "${git.folder}": it has no commit yet; make one first`,
      );
    },
    async commit(sha) {
      const object = await git.object(sha);
      return object?.kind === "commit" ? parseCommit(object) : undefined;
    },
    tree: (sha) => listTree(git, sha),
    async blob(sha) {
      const object = await git.object(sha);
      if (object?.kind === "blob") return object.bytes;
      throw new ServiceError(
        "not-found",
        `Cannot read the blob "${sha}" in "${git.folder}": there is no such blob; fetch the commit that holds it`,
      );
    },
    hasQueue: async () => await Promise.resolve(false),
    async mergeBase(a, b) {
      const base = await git.ask(["merge-base", "--end-of-options", a, b]);
      if (base !== undefined && base !== "") return parseCommitSha(base);
      if ((await git.ask(["rev-parse", "--is-shallow-repository"])) === "true") {
        throw new ServiceError(
          "refused",
          `Cannot find where "${a}" and "${b}" parted: the clone at "${git.folder}" is shallow; run "git fetch --unshallow"`,
        );
      }
      return undefined;
    },
  };
}

type Candidate = { name: string; ref: string };

async function candidates(git: Git, wanted: string | undefined): Promise<readonly Candidate[]> {
  const local = (name: string): Candidate => ({ name, ref: `refs/heads/${name}` });
  const remote = (name: string): Candidate => ({ name, ref: `refs/remotes/origin/${name}` });
  if (wanted !== undefined) return [remote(wanted), local(wanted)];
  const head = short(await git.ask(["symbolic-ref", "--quiet", "HEAD"]), "refs/heads/");
  const checkedOut = head === undefined ? [] : [local(head)];
  const usual = [remote("main"), remote("master"), local("main"), local("master")];
  // a bare repository's HEAD is its default branch; a clone's is whatever somebody works on
  if (git.bare) return [...checkedOut, ...usual];
  const origin = short(await git.ask(["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"]), "refs/remotes/origin/");
  const detached: Candidate = { name: "HEAD", ref: "HEAD" };
  return [...(origin === undefined ? [] : [remote(origin)]), ...usual, ...checkedOut, detached];
}

function short(ref: string | undefined, prefix: string): string | undefined {
  return ref?.startsWith(prefix) === true ? ref.slice(prefix.length) : undefined;
}
