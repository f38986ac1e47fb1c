import type { TagRef } from "#core/ports.ts";
import type { CommitSha, Version } from "#core/names.ts";
import { readTagName } from "./tag-name.ts";
import { compareVersions } from "./version.ts";

/** One version of a model: one run, registered for ever, with what its tag says of it. */
export type RegisteredVersion = {
  version: Version;
  /** its tag, and its release's: a renamed model's older versions keep the name that they were made under */
  tag: string;
  commit: CommitSha;
  recipe: string;
  artifact: string;
  run: string;
  evaluation: string | null;
  /** the pull request that brought it; of a standing, the one that moved it */
  pull: number | null;
};

/** A version at a stage; `counter` is the number of the move that put it there. */
export type Standing = RegisteredVersion & {
  stage: string;
  counter: number;
  since: Date;
  by: string | null;
  why: string;
};

/** `object` is undefined of a lightweight tag: somebody made it by hand. */
export type VersionTag = { version: Version; name: string; object: string | undefined };
export type MoveTag = { stage: string; counter: number; removed: boolean; name: string; object: string | undefined };

/** The refs of one model, folded: what to read to know more. GTO ignores lightweight tags; we say so where they matter. */
export type ModelTags = {
  /** registered and not taken back, lowest first; `object` is undefined of a lightweight tag, which takes its name too */
  versions: readonly VersionTag[];
  /** every number that is taken, also by what was taken back */
  taken: readonly Version[];
  /** every move of every stage, oldest first */
  moves: readonly MoveTag[];
  /** the number that the next move takes */
  nextCounter: number;
};

/** Folds tag refs into what is known of one model. A counter taken twice (by hand) keeps both, in order of name. */
export function foldTags(model: string, refs: readonly TagRef[]): ModelTags {
  const versions: VersionTag[] = [];
  const moves: MoveTag[] = [];
  const removed = new Set<Version>();
  for (const { name, object: id, annotated } of refs) {
    const tag = readTagName(name);
    if (tag === undefined || tag.model !== model) continue;
    const object = annotated ? id : undefined;
    if (tag.kind === "stage")
      moves.push({ stage: tag.stage, counter: tag.counter, removed: tag.removed, name, object });
    else if (tag.removed) removed.add(tag.version);
    else versions.push({ version: tag.version, name, object });
  }
  moves.sort((a, b) => a.counter - b.counter || (a.name < b.name ? -1 : 1));
  versions.sort((a, b) => compareVersions(a.version, b.version) || (a.name < b.name ? -1 : 1));
  return {
    versions: versions.filter(({ version }) => !removed.has(version)),
    taken: [...new Set([...versions.map(({ version }) => version), ...removed])],
    moves,
    nextCounter: (moves.at(-1)?.counter ?? 0) + 1,
  };
}
