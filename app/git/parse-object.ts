import { parseCommitSha, parseTreeSha } from "#core/names.ts";
import type { Commit, TagObject } from "#core/ports.ts";
import type { GitObject } from "./process/object-reader.ts";

/** Headers and message of a commit or tag object, as git writes them. The message is attacker-controlled. */
function split(object: GitObject): { headers: readonly (readonly [string, string])[]; message: string } {
  const end = object.bytes.indexOf("\n\n");
  const head = object.bytes.toString("utf8", 0, end === -1 ? object.bytes.length : end);
  const headers = head
    .split("\n")
    .filter((line) => !line.startsWith(" "))
    .map((line): readonly [string, string] => {
      const space = line.indexOf(" ");
      return space === -1 ? [line, ""] : [line.slice(0, space), line.slice(space + 1)];
    });
  const body = end === -1 ? Buffer.alloc(0) : object.bytes.subarray(end + 2);
  const encoding = headers.find(([name]) => name === "encoding")?.[1] ?? "utf-8";
  return { headers, message: decode(body, encoding).replace(/\n+$/, "") };
}

function decode(bytes: Buffer, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return bytes.toString("utf8");
  }
}

/** A commit object, its message without the line feeds at its end. */
export function parseCommit(object: GitObject): Commit {
  const { headers, message } = split(object);
  const tree = headers.find(([name]) => name === "tree")?.[1] ?? "";
  const parents = headers.filter(([name]) => name === "parent").map(([, id]) => parseCommitSha(id));
  return { sha: parseCommitSha(object.id), tree: parseTreeSha(tree), parents, message };
}

/** An annotated tag of a commit; undefined if it names anything else. */
export function parseTag(object: GitObject): TagObject | undefined {
  const { headers, message } = split(object);
  const value = (wanted: string): string => headers.find(([name]) => name === wanted)?.[1] ?? "";
  if (value("type") !== "commit") return undefined;
  const tagger = /^(.*?) ?<[^>]*> (-?\d+) [+-]\d{4}$/.exec(value("tagger"));
  return {
    name: value("tag"),
    target: parseCommitSha(value("object")),
    message,
    date: new Date(Number(tagger?.[2] ?? 0) * 1_000),
    tagger: tagger?.[1] ?? "",
  };
}
