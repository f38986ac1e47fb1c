import { createHash } from "node:crypto";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha, parseCommitSha, parseTreeSha, type CommitSha, type TreeSha } from "#core/names.ts";
import { ServiceError, type Commit, type Ports, type TagObject } from "#core/ports.ts";

type Files = Readonly<Record<string, string | Uint8Array | undefined>>;

/** What git keeps, as plain maps: objects under ids made of their content, and refs that point to them. */
export class MemoryGit {
  // objects never change, and nobody finds one whose id they do not know: copies share them
  #blobs = new Map<string, Uint8Array>();
  #trees = new Map<string, Tree>();
  #commits = new Map<string, Commit>();
  #tags = new Map<string, TagObject>();
  #refs = new Map<string, string>();

  copy(): MemoryGit {
    const copy = new MemoryGit();
    copy.#blobs = this.#blobs;
    copy.#trees = this.#trees;
    copy.#commits = this.#commits;
    copy.#tags = this.#tags;
    copy.#refs = new Map(this.#refs);
    return copy;
  }

  ref(name: string): string | undefined {
    return this.#refs.get(name);
  }

  refs(prefix: string): readonly (readonly [name: string, id: string])[] {
    const named = [...this.#refs].filter(([name]) => name.startsWith(prefix));
    return named.map(([name, id]) => [name.slice(prefix.length), id] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  setRef(name: string, id: string | undefined): void {
    if (id === undefined) this.#refs.delete(name);
    else this.#refs.set(name, id);
  }

  commitOf(id: string): Commit | undefined {
    return this.#commits.get(id);
  }

  tagOf(id: string): TagObject | undefined {
    return this.#tags.get(id);
  }

  tree(id: string): Tree {
    const tree = this.#trees.get(this.#commits.get(id)?.tree ?? id);
    if (tree === undefined) throw new ServiceError("not-found", `There is no tree "${id}"`);
    return tree;
  }

  blob(id: string): Uint8Array {
    const bytes = this.#blobs.get(id);
    if (bytes === undefined) throw new ServiceError("not-found", `There is no blob "${id}"`);
    return bytes;
  }

  /** The text of a file at a commit. */
  text(commit: string, path: string): string | undefined {
    const entry = this.tree(commit).get(path);
    return entry === undefined ? undefined : new TextDecoder().decode(this.blob(entry.blob));
  }

  /** A commit with these files added, replaced or (undefined) removed on top of its first parent. Moves no ref. */
  commit(draft: { parents: readonly CommitSha[]; files: Files; message: string; tree?: Tree }): CommitSha {
    const [parent] = draft.parents;
    const tree = new Map(draft.tree ?? (parent === undefined ? [] : this.tree(parent)));
    for (const [path, content] of Object.entries(draft.files)) {
      if (content === undefined) tree.delete(path);
      else tree.set(path, this.#file(path, content));
    }
    return this.#addCommit({ tree: this.addTree(tree), parents: draft.parents, message: draft.message });
  }

  addTree(files: Tree): TreeSha {
    const entries = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const id = parseTreeSha(sha("tree", entries.map(({ path, mode, blob }) => `${mode} ${blob} ${path}`).join("\n")));
    this.#trees.set(id, new Map(entries.map((entry) => [entry.path, entry])));
    return id;
  }

  tag(tag: TagObject): string {
    const id = sha("tag", JSON.stringify(tag));
    this.#tags.set(id, tag);
    return id;
  }

  isAncestor(old: string, young: string): boolean {
    return this.#ancestors(young).has(old);
  }

  /** Commits that only one of two has, newest first. */
  between(base: string, head: string): readonly Commit[] {
    const known = this.#ancestors(base);
    return [...this.#ancestors(head).values()].filter(({ sha: id }) => !known.has(id));
  }

  ports(
    branch: string,
    now: () => Date,
    hasQueue: () => boolean,
  ): Pick<Ports, "repository" | "tags" | "evidence" | "branches"> {
    return {
      repository: {
        defaultBranch: async () =>
          await Promise.resolve({ name: branch, head: parseCommitSha(this.ref(`refs/heads/${branch}`) ?? "") }),
        commit: async (id) => await Promise.resolve(this.#commits.get(id)),
        tree: async (id) => await Promise.resolve(this.tree(id)),
        blob: async (id) => await Promise.resolve(this.blob(id)),
        hasQueue: async () => await Promise.resolve(hasQueue()),
        mergeBase: async (a, b) => await Promise.resolve(this.#mergeBase(a, b)),
      },
      tags: this.#tagPort(),
      evidence: this.#evidencePort(),
      branches: this.#branchPort(now),
    };
  }

  #tagPort(): Ports["tags"] {
    return {
      list: async (prefix) =>
        await Promise.resolve(
          this.refs("refs/tags/")
            .filter(([name]) => name.startsWith(prefix))
            .map(([name, object]) => ({ name, object, annotated: this.#tags.has(object) })),
        ),
      read: async (object) => await Promise.resolve(this.#tags.get(object)),
      create: async ({ name, target, message, date }) => {
        if (!this.#commits.has(target)) throw new ServiceError("not-found", `There is no commit "${target}"`);
        if (this.ref(`refs/tags/${name}`) !== undefined) return await Promise.resolve("exists");
        this.setRef(`refs/tags/${name}`, this.tag({ name, target, message, date, tagger: "Trainyard" }));
        return "created";
      },
    };
  }

  #evidencePort(): Ports["evidence"] {
    const ref = "refs/heads/trainyard";
    return {
      list: async () =>
        await Promise.resolve([...(this.ref(ref) === undefined ? [] : this.tree(this.ref(ref) ?? "").keys())]),
      read: async (path) => {
        const tip = this.ref(ref);
        return await Promise.resolve(tip === undefined ? undefined : this.text(tip, path));
      },
      write: async (files, message) => {
        const tip = this.ref(ref);
        const parents = tip === undefined ? [] : [parseCommitSha(tip)];
        const commit = this.commit({ parents, files: Object.fromEntries(files), message });
        const changed = tip === undefined || this.commitOf(commit)?.tree !== this.commitOf(tip)?.tree;
        if (files.size > 0 && changed) this.setRef(ref, commit);
        await Promise.resolve();
      },
    };
  }

  #branchPort(now: () => Date): Ports["branches"] {
    return {
      head: async (name) => {
        const id = this.ref(`refs/heads/${name}`);
        return await Promise.resolve(id === undefined ? undefined : parseCommitSha(id));
      },
      commit: async ({ branch, parent, files, message, expected }) => {
        const ref = `refs/heads/${branch}`;
        if (this.ref(ref) !== expected)
          throw new ServiceError("conflict", `Somebody moved "${branch}" at ${now().toISOString()}`);
        const commit = this.commit({ parents: [parent], files: Object.fromEntries(files), message });
        this.setRef(ref, commit);
        return await Promise.resolve(commit);
      },
    };
  }

  #file(path: string, content: string | Uint8Array): TreeEntry {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const blob = parseBlobSha(sha("blob", bytes));
    this.#blobs.set(blob, bytes);
    return { path, mode: "100644", blob };
  }

  #addCommit(commit: Omit<Commit, "sha">): CommitSha {
    const id = parseCommitSha(sha("commit", JSON.stringify([commit.tree, commit.parents, commit.message])));
    this.#commits.set(id, { sha: id, ...commit });
    return id;
  }

  #ancestors(id: string): ReadonlyMap<string, Commit> {
    const found = new Map<string, Commit>();
    const open = [id];
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const commit = this.#commits.get(next);
      if (commit === undefined || found.has(next)) continue;
      found.set(next, commit);
      open.push(...commit.parents);
    }
    return found;
  }

  #mergeBase(a: string, b: string): CommitSha | undefined {
    const known = this.#ancestors(a);
    return [...this.#ancestors(b).values()].find(({ sha: id }) => known.has(id))?.sha;
  }
}

function sha(kind: string, content: string | Uint8Array): string {
  return createHash("sha1").update(`${kind} `).update(content).digest("hex");
}
