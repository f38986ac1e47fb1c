import { randomUUID } from "node:crypto";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { runGit } from "#sandbox/forge/git/run-git.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import { mustResolve } from "./commits.ts";

const prefix = "/_codeload/";

/** Archives of a commit: a redirect to another address, as on GitHub, good for one download. */
export function registerArchives(forge: ForgeInside): void {
  const waiting = new Map<string, { repo: Repo; sha: string; kind: "tar.gz" | "zip" }>();
  forge.mount(prefix, async (request, response) => {
    const key = request.url?.slice(prefix.length) ?? "";
    const wanted = waiting.get(key);
    waiting.delete(key);
    if (wanted === undefined) {
      response.writeHead(404);
      response.end();
      return;
    }
    const { repo, sha, kind } = wanted;
    const { owner, name } = repo.record;
    const folder = `${owner}-${name}-${sha.slice(0, 7)}/`;
    const { stdout } = await runGit(repo.gitFolder, ["archive", `--format=${kind}`, `--prefix=${folder}`, sha]);
    response.writeHead(200, {
      "content-type": kind === "zip" ? "application/zip" : "application/x-gzip",
      "content-disposition": `attachment; filename=${folder.slice(0, -1)}.${kind}`,
      "content-length": stdout.length,
    });
    response.end(stdout);
  });
  for (const [name, kind] of [
    ["tarball", "tar.gz"],
    ["zipball", "zip"],
  ] as const) {
    forge.route(`GET /repos/{owner}/{repo}/${name}/{ref...}`, {
      permission: { contents: "read" },
      handler: async ({ repo, params }) => {
        const ref = params["ref"] === undefined || params["ref"] === "" ? repo.record.default_branch : params["ref"];
        const { sha } = await mustResolve(repo, ref);
        const key = randomUUID();
        waiting.set(key, { repo, sha, kind });
        return { status: 302, headers: { location: `${forge.urls.server}${prefix}${key}` } };
      },
    });
  }
}
