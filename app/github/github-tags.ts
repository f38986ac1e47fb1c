import type { Tags } from "#core/ports.ts";
import { ask, askMaybe, missingRepository, isConflict, mayHaveHappened } from "./client/explain-error.ts";
import { createMemory, type ObjectMemory } from "./client/object-memory.ts";
import { at, once, type GitHub, type Writer } from "./client/octokit.ts";
import { signatureOf } from "./client/own.ts";
import { createTagReader } from "./read-tag-objects.ts";

/** The Tags port on GitHub's API: the tag object first, which harms nobody unreferenced, then the ref that only one gets. */
export function githubTags(github: GitHub, writer: Writer, memory: ObjectMemory = createMemory()): Tags {
  const { octokit } = github;
  const act = (what: string, access: string) => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission: `contents: ${access}`,
  });

  const readObject = createTagReader(github);

  const listing = (prefix: string) => ({
    ...act(prefix === "" ? "list the tags" : `list the tags "${prefix}…"`, "read"),
    missing: missingRepository,
  });

  async function whereIs(name: string): Promise<string | undefined> {
    const found = await askMaybe(act(`read the tag "${name}"`, "read"), async () =>
      octokit.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ...at(github), ref: `tags/${name}` }),
    );
    return found?.data.object.sha;
  }

  async function claim(name: string, sha: string): Promise<void> {
    await ask(act(`create the tag "${name}"`, "write"), async () =>
      octokit.request("POST /repos/{owner}/{repo}/git/refs", {
        ...at(github),
        ref: `refs/tags/${name}`,
        sha,
        request: once,
      }),
    );
  }

  return {
    async list(prefix) {
      const { data } = await ask(listing(prefix), async () =>
        octokit.request("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", { ...at(github), ref: `tags/${prefix}` }),
      );
      return data.map(({ ref, object }) => ({
        name: ref.slice("refs/tags/".length),
        object: object.sha,
        annotated: object.type === "tag",
      }));
    },
    async read(object) {
      const found = await memory.tags.get(
        `${github.owner}/${github.repo} ${object}`,
        async () => readObject(object),
        () => 1,
      );
      return found === "none" ? undefined : found;
    },
    async create({ name, target, message, date }) {
      const { data } = await ask(act(`make the tag "${name}" of "${target}"`, "write"), async () =>
        octokit.request("POST /repos/{owner}/{repo}/git/tags", {
          ...at(github),
          tag: name,
          message,
          object: target,
          type: "commit",
          tagger: { ...signatureOf(writer), date: date.toISOString() },
        }),
      );
      try {
        await claim(name, data.sha);
        return "created";
      } catch (error) {
        if (isConflict(error)) return "exists";
        if (!mayHaveHappened(error)) throw error;
      }
      // nobody knows whether it arrived: the ref itself does
      const there = await whereIs(name);
      if (there !== undefined) return there === data.sha ? "created" : "exists";
      await claim(name, data.sha);
      return "created";
    },
  };
}
