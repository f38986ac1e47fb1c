import { parseCommitSha, type CommitSha } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import type { Freight } from "#flow/promote/register-version.ts";
import { emptyMemory, type Memory } from "./memory.ts";
import { MemoryGit } from "./memory-git.ts";
import { memoryBytes, memoryFreight, memoryReleases, type Storage } from "./memory-releases.ts";
import { memoryPorts } from "./memory-ports.ts";

const begin = Date.parse("2026-05-01T12:00:00Z");

/**
 * A repository with everything that a service keeps for it, all of it in memory: thousands of days take seconds. What
 * the adapters do on real git and real requests is the contract suite's (test/contract) and the sandbox stories'. Each
 * `ports()` is what a new process would see.
 */
export class LocalWorld {
  readonly git: MemoryGit;
  readonly memory: Memory;
  readonly storage: Storage;
  readonly #files = new Map<string, string>();

  constructor(git = new MemoryGit(), memory = emptyMemory(), storage: Storage = { releases: [], artifacts: {} }) {
    this.git = git;
    this.memory = memory;
    this.storage = storage;
  }

  /** The same world once more: whatever happens there, happens there alone. */
  copy(): LocalWorld {
    return new LocalWorld(this.git.copy(), structuredClone(this.memory), structuredClone(this.storage));
  }

  get head(): CommitSha {
    return parseCommitSha(this.git.ref("refs/heads/main") ?? "");
  }

  now(): Date {
    return new Date(begin + this.memory.minutes * 60_000);
  }

  /** Makes a tag by hand: annotated with this message, or a lightweight one. */
  tagByHand(name: string, target: string, message?: string): void {
    const by = { name, target: parseCommitSha(target), date: this.now(), tagger: "Ada" };
    this.git.setRef(`refs/tags/${name}`, message === undefined ? target : this.git.tag({ ...by, message }));
  }

  deleteTag(name: string): void {
    this.git.setRef(`refs/tags/${name}`, undefined);
  }

  ports(): Ports {
    const { memory, storage } = this;
    const now = (): Date => this.now();
    return {
      ...memoryPorts(memory, this.git, now),
      ...this.git.ports("main", now, () => memory.queue),
      releases: memoryReleases(storage, this.#files),
      bytes: memoryBytes(storage),
      workflows: {
        oursStart: true,
        run: async (id) => await Promise.resolve(memory.runs.find((run) => run.id === id)),
        runsOf: async (head) =>
          await Promise.resolve(memory.runs.filter((run) => run.head === head).toSorted((a, b) => b.id - a.id)),
        record: async (run, artifact, file) => {
          const text = storage.artifacts[`${run}/${artifact}/${file}`];
          return await Promise.resolve(text === undefined ? undefined : new TextEncoder().encode(text));
        },
        dispatch: async (inputs) => {
          memory.dispatches.push(inputs);
          return await Promise.resolve({ run: undefined });
        },
        cancel: async () => await Promise.resolve(),
        sayAgain: async (run) => await Promise.resolve(void memory.reruns.push(run)),
      },
      now,
    };
  }

  /** What a machine that promotes carries the bytes with. */
  freight(): Freight {
    return memoryFreight(this.storage, this.#files);
  }

  /** A file on the machine that promotes. */
  keepFile(name: string, text: string): string {
    this.#files.set(name, text);
    return name;
  }

  /** Commits files on a branch, which is made from `main` where it is not there yet. A minute goes by. */
  commit(branch: string, files: Readonly<Record<string, string | undefined>>, message: string): CommitSha {
    const ref = `refs/heads/${branch}`;
    const parent = this.git.ref(ref) ?? this.git.ref("refs/heads/main");
    this.memory.minutes += 1;
    const commit = this.git.commit({ parents: parent === undefined ? [] : [parseCommitSha(parent)], files, message });
    this.git.setRef(ref, commit);
    return commit;
  }
}
