import type { TagRef } from "#core/ports.ts";
import type { CommitSha, Version } from "#core/names.ts";
import { readTagName } from "./tag-name.ts";

/** One version of a model: one run, registered for ever, with what its tag says of it. */
export type RegisteredVersion = {
  version: Version;
  commit: CommitSha;
  recipe: string;
  artifact: string;
  run: string;
  evaluation: string | null;
};

/** A version at a stage; `counter` is the number of the move that put it there. */
export type Standing = RegisteredVersion & {
  stage: string;
  counter: number;
  since: Date;
  pull: number | null;
  by: string | null;
  why: string;
};

/** The refs of one model, folded: what to read to know more. Lightweight tags are not in it, as GTO ignores them too. */
export type ModelTags = {
  versions: readonly { version: Version; name: string; object: string }[];
  /** every move of every stage, oldest first */
  moves: readonly { stage: string; counter: number; removed: boolean; name: string; object: string }[];
  /** the number that the next move takes */
  nextCounter: number;
};

/** Folds tag refs into what is known of one model. A counter taken twice (by hand) keeps both, in order of name. */
export function foldTags(model: string, refs: readonly TagRef[]): ModelTags {
  const versions: { version: Version; name: string; object: string }[] = [];
  const moves: { stage: string; counter: number; removed: boolean; name: string; object: string }[] = [];
  const removed = new Set<string>();
  let highest = 0;
  for (const ref of refs) {
    const tag = readTagName(ref.name);
    if (tag === undefined || tag.model !== model) continue;
    // A lightweight tag still takes its name: the next counter must not collide with it.
    if (tag.kind === "stage") highest = Math.max(highest, tag.counter);
    if (!ref.annotated) continue;
    if (tag.kind === "stage") {
      moves.push({ stage: tag.stage, counter: tag.counter, removed: tag.removed, name: ref.name, object: ref.object });
    } else if (tag.removed) removed.add(tag.version);
    else versions.push({ version: tag.version, name: ref.name, object: ref.object });
  }
  moves.sort((a, b) => a.counter - b.counter || (a.name < b.name ? -1 : 1));
  return { versions: versions.filter(({ version }) => !removed.has(version)), moves, nextCounter: highest + 1 };
}
