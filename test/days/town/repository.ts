import { configPath } from "#core/config/config.ts";
import type { CommitSha } from "#core/names.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";
import { renderSpec, type Spec } from "./spec.ts";

export type Files = ReadonlyMap<string, string>;
/** `pull`: the pull request that brought it to the default branch. `reverts`: what its message says in git's words. */
export type Made = {
  sha: CommitSha;
  parents: readonly CommitSha[];
  files: Files;
  message: string;
  pull: number | undefined;
};

/** What people's clones hold: every commit with its files as texts. The world's git gets each of them, too. */
export class Repository {
  readonly #world: LocalWorld;
  readonly #commits = new Map<string, Made>();
  readonly #specs = new Map<string, Spec>();

  constructor(world: LocalWorld) {
    this.#world = world;
  }

  get(sha: string): Made {
    const made = this.#commits.get(sha);
    if (made === undefined) throw new Error(`Nobody made the commit ${sha}`);
    return made;
  }

  has(sha: string): boolean {
    return this.#commits.has(sha);
  }

  get main(): Made {
    return this.get(this.#world.head);
  }

  /** The config among these files. */
  spec(files: Files): Spec {
    const spec = this.#specs.get(files.get(configPath) ?? "");
    if (spec === undefined) throw new Error(`Nobody wrote the config ${files.get(configPath)}`);
    return spec;
  }

  /** The config as a file's text. */
  write(spec: Spec): string {
    const text = renderSpec(spec);
    this.#specs.set(text, spec);
    return text;
  }

  /** Learns a text that somebody else wrote. */
  learnSpec(text: string, spec: Spec): void {
    this.#specs.set(text, spec);
  }

  commit(parents: readonly CommitSha[], files: Files, message: string, pull?: number): Made {
    const [first] = parents;
    const before: Files = first === undefined ? new Map() : this.get(first).files;
    const changed = Object.fromEntries(
      [...new Set([...before.keys(), ...files.keys()])].map((path) => [path, files.get(path)]),
    );
    this.#world.memory.minutes += 1;
    const sha = this.#world.git.commit({ parents, files: changed, message });
    const made = { sha, parents, files, message, pull };
    this.#commits.set(sha, made);
    return made;
  }

  /** Learns a commit that the product made on a branch. */
  adopt(sha: CommitSha): Made {
    const known = this.#commits.get(sha);
    if (known !== undefined) return known;
    const { git } = this.#world;
    const commit = git.commitOf(sha);
    if (commit === undefined) throw new Error(`There is no commit ${sha}`);
    const files = new Map([...git.tree(sha).keys()].map((path) => [path, git.text(sha, path) ?? ""]));
    const made = { sha, parents: commit.parents, files, message: commit.message, pull: undefined };
    this.#commits.set(sha, made);
    return made;
  }

  setBranch(branch: string, sha: CommitSha): void {
    this.#world.git.setRef(`refs/heads/${branch}`, sha);
  }

  ancestors(sha: string): ReadonlySet<string> {
    const found = new Set<string>();
    const open = [sha];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...this.get(next).parents);
    }
    return found;
  }

  /** The default branch from its head back, along what was merged into. */
  history(from: Made = this.main): readonly Made[] {
    const line: Made[] = [];
    for (let at: Made | undefined = from; at !== undefined;) {
      line.push(at);
      const parent: CommitSha | undefined = at.parents[0];
      at = parent === undefined ? undefined : this.get(parent);
    }
    return line;
  }

  mergeBase(a: string, b: string): Made {
    const known = this.ancestors(a);
    const open: string[] = [b];
    const seen = new Set<string>();
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      if (known.has(next)) return this.get(next);
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...this.get(next).parents);
    }
    throw new Error(`${a} and ${b} have nothing in common`);
  }
}

/** What git makes of three trees; `both`: a path was changed on both sides, be it in the same way. */
export function mergeFiles(
  base: Files,
  ours: Files,
  theirs: Files,
): { files: Files; conflict: boolean; both: boolean } {
  const files = new Map<string, string>();
  let [conflict, both] = [false, false];
  for (const path of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const [was, our, their] = [base.get(path), ours.get(path), theirs.get(path)];
    const twice = our !== was && their !== was;
    both ||= twice;
    conflict ||= twice && our !== their;
    const text = their === was ? our : their;
    if (text !== undefined) files.set(path, text);
  }
  return { files, conflict, both };
}
