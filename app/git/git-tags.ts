import { ServiceError, type Tags } from "#core/ports.ts";
import { moveRef } from "./move-ref.ts";
import type { Git } from "./open-git.ts";
import { parseTag } from "./parse-object.ts";
import { personLine, trainyardItself, type Person } from "./person.ts";

/** The Tags port on a repository of this disk. A tag is made whole or not at all, and by one creator only. */
export function gitTags(git: Git, options: { tagger?: Person } = {}): Tags {
  const tagger = options.tagger ?? trainyardItself;
  return {
    async list(prefix) {
      const answer = await git.run([
        "for-each-ref",
        "--format=%(objectname) %(objecttype) %(refname:strip=2)",
        "refs/tags/",
      ]);
      return answer.stdout
        .toString("utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const [object = "", kind = "", ...name] = line.split(" ");
          return { name: name.join(" "), object, annotated: kind === "tag" };
        })
        .filter((tag) => tag.name.startsWith(prefix));
    },
    async read(object) {
      const found = await git.object(object);
      return found?.kind === "tag" ? parseTag(found) : undefined;
    },
    async create(tag) {
      if ((await git.object(tag.target))?.kind !== "commit") {
        throw new ServiceError(
          "not-found",
          `Cannot tag "${tag.target}" as "${tag.name}": there is no such commit in "${git.folder}"`,
        );
      }
      const text = `object ${tag.target}\ntype commit\ntag ${tag.name}\ntagger ${personLine(tagger, tag.date)}\n\n${tag.message}\n`;
      const made = await git.run(["mktag"], { input: text });
      const object = made.stdout.toString("utf8").trim();
      return (await moveRef(git, `refs/tags/${tag.name}`, object, undefined)) ? "created" : "exists";
    },
  };
}
