import { parseVersion, type Version } from "#core/names.ts";

/** A tag name in GTO's grammar (https://github.com/treeverse/gto): registrations and stage assignments. */
export type TagName =
  | { kind: "version"; model: string; version: Version; removed: boolean }
  | { kind: "stage"; model: string; stage: string; removed: boolean; counter: number };

const versionTag = /^([a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?)@(v\d{1,9}\.\d{1,9}\.\d{1,9})(!?)(?:#\d{1,9})?$/;
const stageTag =
  /^([a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?)#([a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?)(!?)#(\d{1,9})$/;

/** Reads a tag's name; undefined where it is none of ours. The name is whatever somebody pushed. */
export function readTagName(name: string): TagName | undefined {
  if (name.length > 250) return undefined;
  const version = versionTag.exec(name);
  if (version?.[1] !== undefined && version[2] !== undefined) {
    try {
      return { kind: "version", model: version[1], version: parseVersion(version[2]), removed: version[3] === "!" };
    } catch {
      return undefined;
    }
  }
  const stage = stageTag.exec(name);
  if (stage?.[1] === undefined || stage[2] === undefined || stage[4] === undefined) return undefined;
  return { kind: "stage", model: stage[1], stage: stage[2], removed: stage[3] === "!", counter: Number(stage[4]) };
}

export function writeVersionTag(model: string, version: Version): string {
  return `${model}@${version}`;
}

/** `stage` with a `!` behind it: the version is taken from it. */
export function writeStageTag(model: string, stage: string, counter: number): string {
  return `${model}#${stage}#${counter}`;
}
