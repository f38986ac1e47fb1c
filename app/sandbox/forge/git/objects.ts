/** git's objects as values, and back to bytes. Messages, names and paths in them are untrusted. */

export type Signature = {
  name: string;
  email: string;
  /** seconds since 1970 */ seconds: number;
  /** "+0200" */ zone: string;
};
export type CommitObject = {
  sha: string;
  tree: string;
  parents: readonly string[];
  author: Signature;
  committer: Signature;
  message: string;
  signature: string | null;
};
export type EntryKind = "blob" | "tree" | "commit";
export type TreeEntry = { name: string; mode: string; kind: EntryKind; sha: string };
export type TagObject = {
  sha: string;
  tag: string;
  object: string;
  kind: string;
  tagger: Signature | null;
  message: string;
};

const signature = /^(.*?) ?<(.*?)> (-?\d+) ([+-]\d{4})$/;

function parseSignature(text: string): Signature {
  const match = signature.exec(text);
  return {
    name: match?.[1] ?? "",
    email: match?.[2] ?? "",
    seconds: Number(match?.[3] ?? 0),
    zone: match?.[4] ?? "+0000",
  };
}

function parseHeaders(bytes: Buffer): { headers: Map<string, string[]>; message: string } {
  const text = bytes.toString("utf8");
  const end = text.indexOf("\n\n");
  const headers = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of (end < 0 ? text : text.slice(0, end)).split("\n")) {
    if (line.startsWith(" ") && last !== undefined) {
      last.push(`${last.pop() ?? ""}\n${line.slice(1)}`);
      continue;
    }
    const space = line.indexOf(" ");
    const key = line.slice(0, space);
    last = headers.get(key) ?? [];
    last.push(line.slice(space + 1));
    headers.set(key, last);
  }
  return { headers, message: end < 0 ? "" : text.slice(end + 2) };
}

export function parseCommit(sha: string, bytes: Buffer): CommitObject {
  const { headers, message } = parseHeaders(bytes);
  return {
    sha,
    tree: headers.get("tree")?.[0] ?? "",
    parents: headers.get("parent") ?? [],
    author: parseSignature(headers.get("author")?.[0] ?? ""),
    committer: parseSignature(headers.get("committer")?.[0] ?? ""),
    message,
    signature: headers.get("gpgsig")?.[0] ?? null,
  };
}

export function parseTag(sha: string, bytes: Buffer): TagObject {
  const { headers, message } = parseHeaders(bytes);
  const tagger = headers.get("tagger")?.[0];
  return {
    sha,
    tag: headers.get("tag")?.[0] ?? "",
    object: headers.get("object")?.[0] ?? "",
    kind: headers.get("type")?.[0] ?? "commit",
    tagger: tagger === undefined ? null : parseSignature(tagger),
    message,
  };
}

export function kindOfMode(mode: string): EntryKind {
  if (mode === "040000") return "tree";
  return mode === "160000" ? "commit" : "blob";
}

export function parseTree(bytes: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    const mode = bytes.toString("latin1", at, space).padStart(6, "0");
    entries.push({
      name: bytes.toString("utf8", space + 1, end),
      mode,
      kind: kindOfMode(mode),
      sha: bytes.toString("hex", end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** git's order: byte by byte, a folder as if its name ended with "/". */
export function formatTree(entries: readonly TreeEntry[]): Buffer {
  const key = (entry: TreeEntry): Buffer => Buffer.from(entry.kind === "tree" ? `${entry.name}/` : entry.name);
  const sorted = entries.map((entry) => ({ entry, key: key(entry) })).toSorted((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(
    sorted.flatMap(({ entry }) => [
      Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.name}\0`),
      Buffer.from(entry.sha, "hex"),
    ]),
  );
}

function formatSignature({ name, email, seconds, zone }: Signature): string {
  // attacker-controlled: these characters would end the field or start another header
  const clean = (text: string): string => text.replaceAll(/[<>\n\0]/g, "").trim();
  return `${clean(name)} <${clean(email)}> ${seconds} ${zone}`;
}

export function formatCommit(commit: Omit<CommitObject, "sha" | "signature">): Buffer {
  const parents = commit.parents.map((parent) => `parent ${parent}\n`).join("");
  return Buffer.from(
    `tree ${commit.tree}\n${parents}author ${formatSignature(commit.author)}\n` +
      `committer ${formatSignature(commit.committer)}\n\n${commit.message}`,
  );
}

export function formatTag(tag: Omit<TagObject, "sha">): Buffer {
  const tagger = tag.tagger === null ? "" : `tagger ${formatSignature(tag.tagger)}\n`;
  return Buffer.from(`object ${tag.object}\ntype ${tag.kind}\ntag ${tag.tag}\n${tagger}\n${tag.message}`);
}
