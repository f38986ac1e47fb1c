import type { Ports } from "#core/ports.ts";

/**
 * Answers of git that are known already, as starting git takes most of a test's time. What hangs on refs is forgotten
 * with every write; objects never change.
 */
export class Memo {
  readonly #objects: Map<string, Promise<unknown>>;
  readonly #refs: Map<string, Promise<unknown>>;

  constructor(objects = new Map<string, Promise<unknown>>(), refs = new Map<string, Promise<unknown>>()) {
    this.#objects = objects;
    this.#refs = refs;
  }

  /** Of a world that is the same now and goes its own way. */
  copy(): Memo {
    return new Memo(this.#objects, new Map(this.#refs));
  }

  forgetRefs(): void {
    this.#refs.clear();
  }

  watch<P extends Pick<Ports, "repository" | "tags" | "evidence" | "branches">>(ports: P): P {
    const { repository, tags, evidence, branches } = ports;
    const object = async <T>(key: string, read: () => Promise<T>): Promise<T> => await once(this.#objects, key, read);
    const ref = async <T>(key: string, read: () => Promise<T>): Promise<T> => await once(this.#refs, key, read);
    const write = async <T>(act: () => Promise<T>): Promise<T> => {
      this.forgetRefs();
      try {
        return await act();
      } finally {
        this.forgetRefs();
      }
    };
    return {
      ...ports,
      repository: {
        defaultBranch: async () => await ref("branch", async () => await repository.defaultBranch()),
        commit: async (sha) => await object(`commit ${sha}`, async () => await repository.commit(sha)),
        tree: async (sha) => await object(`tree ${sha}`, async () => await repository.tree(sha)),
        blob: async (sha) => await object(`blob ${sha}`, async () => await repository.blob(sha)),
        mergeBase: async (a, b) => await object(`base ${a} ${b}`, async () => await repository.mergeBase(a, b)),
      },
      tags: {
        list: async (prefix) => await ref(`tags ${prefix}`, async () => await tags.list(prefix)),
        read: async (id) => await object(`tag ${id}`, async () => await tags.read(id)),
        create: async (tag) => await write(async () => await tags.create(tag)),
      },
      evidence: {
        list: async () => await ref("records", async () => await evidence.list()),
        read: async (path) => await ref(`record ${path}`, async () => await evidence.read(path)),
        write: async (files, message) => await write(async () => await evidence.write(files, message)),
      },
      branches: {
        head: async (branch) => await branches.head(branch),
        commit: async (commit) => await write(async () => await branches.commit(commit)),
      },
    };
  }
}

async function once<T>(known: Map<string, Promise<unknown>>, key: string, read: () => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? read();
  known.set(key, answer);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key says which of the calls it was
  return (await answer) as T;
}
