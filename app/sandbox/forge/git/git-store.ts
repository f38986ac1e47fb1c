import { type GitObject, type ObjectHead, type ObjectKind, ObjectReader } from "./object-reader.ts";
import { writeObject } from "./loose-objects.ts";
import {
  type CommitObject,
  formatCommit,
  formatTag,
  formatTree,
  parseCommit,
  parseTag,
  parseTree,
  type TagObject,
  type TreeEntry,
} from "./objects.ts";
import { nearMergeBase, straightRange } from "./near-history.ts";
import { readRefFiles, writeRefFile } from "./ref-files.ts";
import { isRefName, objectId } from "./ref-name.ts";
import { GitError, runGit } from "./run-git.ts";
import { Remembered } from "./remembered.ts";

export type Ref = { name: string; sha: string; kind: ObjectKind };
/** `null`: the ref is not there (before), or shall not be (after). */
export type RefChange = { name: string; before: string | null; after: string | null };

const zero = "0".repeat(40);

/** One bare repository: objects and refs, read through one open process, written as loose objects. */
export class GitStore {
  readonly folder: string;
  readonly #reader: ObjectReader;
  readonly #commits = new Remembered<CommitObject>(5000);
  readonly #trees = new Remembered<readonly TreeEntry[]>(5000);
  readonly #heads = new Remembered<ObjectHead>(20_000);
  readonly #answers = new Remembered<unknown>(500);
  #turn: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.folder = folder;
    this.#reader = new ObjectReader(folder);
  }

  close(): void {
    this.#reader.close();
  }

  /** One writer of refs at a time: pushes and API calls wait for each other here. */
  exclusively<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(act);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  info(name: string): Promise<ObjectHead | undefined> {
    return this.#reader.info(name);
  }

  /** Kind and size of an object named by its whole id, which never change. */
  head(sha: string): Promise<ObjectHead | undefined> {
    return this.#heads.get(sha, () => this.#reader.info(sha));
  }

  async object(sha: string, kind: ObjectKind): Promise<GitObject | undefined> {
    if (!objectId.test(sha)) return undefined;
    const found = await this.#reader.contents(sha);
    return found?.kind === kind ? found : undefined;
  }

  async commit(sha: string): Promise<CommitObject | undefined> {
    return this.#commits.get(sha, async () => {
      const found = await this.object(sha, "commit");
      return found === undefined ? undefined : parseCommit(sha, found.bytes);
    });
  }

  async tree(sha: string): Promise<readonly TreeEntry[] | undefined> {
    return this.#trees.get(sha, async () => {
      const found = await this.object(sha, "tree");
      return found === undefined ? undefined : parseTree(found.bytes);
    });
  }

  async tag(sha: string): Promise<TagObject | undefined> {
    const found = await this.object(sha, "tag");
    return found === undefined ? undefined : parseTag(sha, found.bytes);
  }

  async blob(sha: string): Promise<Buffer | undefined> {
    return (await this.object(sha, "blob"))?.bytes;
  }

  writeBlob(bytes: Buffer): Promise<string> {
    return writeObject(this.folder, "blob", bytes);
  }

  writeTree(entries: readonly TreeEntry[]): Promise<string> {
    return writeObject(this.folder, "tree", formatTree(entries));
  }

  writeCommit(commit: Omit<CommitObject, "sha" | "signature">): Promise<string> {
    return writeObject(this.folder, "commit", formatCommit(commit));
  }

  writeTag(tag: Omit<TagObject, "sha">): Promise<string> {
    return writeObject(this.folder, "tag", formatTag(tag));
  }

  /** The object a full ref name points to, tags not peeled. */
  async ref(name: string): Promise<ObjectHead | undefined> {
    return isRefName(name) ? this.#reader.info(name) : undefined;
  }

  branch(name: string): Promise<string | undefined> {
    return this.ref(`refs/heads/${name}`).then((found) => found?.sha);
  }

  /** A commit by id, short id (7 or more digits), branch, tag or full ref name; tags are peeled. */
  async resolve(name: string): Promise<string | undefined> {
    const candidates: string[] = [];
    if (isRefName(`refs/heads/${name}`)) {
      candidates.push(`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`);
      if (isRefName(name)) candidates.push(name);
    }
    if (/^[0-9a-f]{7,40}$/.test(name)) candidates.unshift(name);
    if (name === "HEAD") candidates.unshift("HEAD");
    for (const candidate of candidates) {
      // oxlint-disable-next-line no-await-in-loop -- the first that exists wins
      const found = await this.#reader.info(`${candidate}^{commit}`);
      if (found !== undefined) return found.sha;
    }
    return undefined;
  }

  /** Every ref below a prefix, by name; what points to nothing is left out. */
  async refs(prefix = "refs/"): Promise<Ref[]> {
    const named = [...readRefFiles(this.folder)].filter(([name]) => name.startsWith(prefix));
    const found = await Promise.all(named.map(async ([name, sha]) => ({ name, head: await this.head(sha) })));
    return found.flatMap(({ name, head }) => (head === undefined ? [] : [{ name, sha: head.sha, kind: head.kind }]));
  }

  /** Moves refs, all or none, each only from the value named. Throws GitError when one has moved meanwhile. */
  async moveRefs(changes: readonly RefChange[]): Promise<void> {
    const [only] = changes;
    if (changes.length === 1 && only !== undefined && only.after !== null && isRefName(only.name)) {
      if (await writeRefFile(this.folder, only.name, only.before, only.after)) return;
    }
    const lines = changes.map(({ name, before, after }) => {
      if (!isRefName(name)) throw new GitError(128, `"${name}" is not a ref name`);
      if (after === null) return `delete ${name}${before === null ? "" : ` ${before}`}\n`;
      return `update ${name} ${after} ${before ?? zero}\n`;
    });
    await runGit(this.folder, ["update-ref", "--stdin"], { input: lines.join("") });
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    if (ancestor === descendant) return true;
    return (await this.mergeBase(ancestor, descendant)) === ancestor;
  }

  mergeBase(a: string, b: string): Promise<string | undefined> {
    if (a === b) return Promise.resolve(a);
    return this.remember(`merge-base ${a} ${b}`, async () => {
      const near = await nearMergeBase((sha) => this.commit(sha), a, b);
      if (near !== undefined) return near;
      const { stdout } = await runGit(this.folder, ["merge-base", a, b], { accept: [0, 1] });
      return stdout.toString("utf8").trim() || undefined;
    });
  }

  /** Commits that `to` has and `from` has not, oldest first. */
  async range(from: string | undefined, to: string): Promise<readonly string[]> {
    const shas = await this.remember(`range ${from ?? ""} ${to}`, async () => {
      const straight = from === undefined ? undefined : await straightRange((sha) => this.commit(sha), from, to);
      if (straight !== undefined) return straight;
      const without = from === undefined ? [] : [`^${from}`];
      return this.lines(["rev-list", "--reverse", "--topo-order", to, ...without]);
    });
    return shas ?? [];
  }

  /** Runs git for the lines of its output. */
  async lines(args: readonly string[]): Promise<string[]> {
    return (await this.text(args)).split("\n").filter((line) => line !== "");
  }

  /** Runs git for its output. */
  async text(args: readonly string[], accept: readonly number[] = [0]): Promise<string> {
    return (await runGit(this.folder, args, { accept })).stdout.toString("utf8");
  }

  /** Keeps an answer that can never change, because its key names objects by id. */
  remember<T>(key: string, compute: () => Promise<T | undefined>): Promise<T | undefined> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key names the question and so the type
    return this.#answers.get(key, compute) as Promise<T | undefined>;
  }
}
