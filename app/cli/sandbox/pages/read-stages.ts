import { parseCommitSha, parseModelName, type ModelName } from "#core/names.ts";
import type { Tags } from "#core/ports.ts";
import { readTagName, writeVersionTag } from "#core/registry/tag-name.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import type { StageRow } from "#web/pages.ts";

/** What stands at which stage, as the tags of a repository say: one row a model and stage that ever moved. */
export async function readStages(repo: Repo): Promise<readonly StageRow[]> {
  const tags = tagsOf(repo);
  const names = (await tags.list("")).flatMap(({ name }) => readTagName(name)?.model ?? []);
  // a tag by hand may be longer than any name of a model
  const models = [...new Set(names)]
    .filter((name) => name.length <= 100)
    .toSorted()
    .map(parseModelName);
  return (await Promise.all(models.map((model) => readModel(tags, model)))).flat();
}

async function readModel(tags: Tags, model: ModelName): Promise<readonly StageRow[]> {
  const registry = await readRegistry(tags, { name: model });
  const stages = [...new Set(registry.tags.moves.map(({ stage }) => stage))];
  return await Promise.all(
    stages.map(async (stage) => {
      const { standing, problem } = await registry.standing(stage);
      if (standing === undefined) return { model, stage, standing, problem };
      const { version, since, pull, by, why } = standing;
      const because = [by === null ? "" : `@${by}`, why].filter((part) => part !== "").join(": ");
      const tag = writeVersionTag(model, version);
      return {
        model,
        stage,
        standing: { version, tag, since: since.toISOString(), pull: pull ?? undefined, why: because },
        problem,
      };
    }),
  );
}

function tagsOf({ git }: Repo): Tags {
  return {
    async list(prefix) {
      const refs = await git.refs(`refs/tags/${prefix}`);
      return refs.map(({ name, sha, kind }) => ({
        name: name.slice("refs/tags/".length),
        object: sha,
        annotated: kind === "tag",
      }));
    },
    async read(object) {
      const found = await git.tag(object);
      if (found === undefined || found.kind !== "commit") return undefined;
      return {
        name: found.tag,
        target: parseCommitSha(found.object),
        message: found.message,
        date: new Date((found.tagger?.seconds ?? 0) * 1000),
        tagger: found.tagger?.name ?? "",
      };
    },
    create: () => Promise.reject(new Error("The pages only read tags")),
  };
}
