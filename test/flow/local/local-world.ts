import { rmSync } from "node:fs";
import { access, cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyFiles } from "#disk/copy-files.ts";
import { folderReleases } from "#disk/folder-releases.ts";
import { parseCommitSha, type CommitSha } from "#core/names.ts";
import type { Bytes, Ports } from "#core/ports.ts";
import { buildCommit } from "#git/build-commit.ts";
import { gitBranches } from "#git/git-branches.ts";
import { gitEvidence } from "#git/git-evidence.ts";
import { gitRepository } from "#git/git-repository.ts";
import { gitTags } from "#git/git-tags.ts";
import { moveRef, readRef } from "#git/move-ref.ts";
import { gitIn, type Git } from "#git/open-git.ts";
import { personEnvironment } from "#git/person.ts";
import { runGit } from "#git/process/run-git.ts";
import { Memo } from "./memo.ts";
import { emptyMemory, type Memory } from "./memory.ts";
import { memoryPorts } from "./memory-ports.ts";

const author = { name: "Ada", email: "ada@example.com" };
const at = new Date("2026-05-01T12:00:00Z");

/** Folders of worlds that nobody closed yet: a test that fails does not. */
const left = new Set<string>();
process.once("exit", () => {
  for (const folder of left) rmSync(folder, { recursive: true, force: true });
});

/**
 * A repository with everything that a service keeps for it: git, tags and evidence in a bare repository, releases and
 * artifacts in folders, the rest in memory. Each `ports()` is what a new process would see.
 */
export class LocalWorld {
  readonly folder: string;
  readonly memory: Memory;
  #git: Git | undefined;
  readonly #memo: Memo;

  private constructor(folder: string, memory: Memory, memo = new Memo()) {
    this.folder = folder;
    left.add(folder);
    this.memory = memory;
    this.#memo = memo;
  }

  static async make(): Promise<LocalWorld> {
    const folder = await mkdtemp(join(tmpdir(), "trainyard-world-"));
    await mkdir(join(folder, "bare.git"));
    await runGit({
      folder: join(folder, "bare.git"),
      args: ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", "."],
    });
    return new LocalWorld(folder, emptyMemory());
  }

  /** Leaves few files, as a world that is copied often should have. */
  async pack(): Promise<this> {
    await this.git().run(["repack", "-adq"]);
    await this.git().run(["pack-refs", "--all"]);
    return this;
  }

  /** The same world once more: whatever happens there, happens there alone. */
  async copy(): Promise<LocalWorld> {
    const folder = await mkdtemp(join(tmpdir(), "trainyard-world-"));
    await cp(this.folder, folder, { recursive: true });
    return new LocalWorld(folder, structuredClone(this.memory), this.#memo.copy());
  }

  /** Makes a tag by hand: annotated with this message, or a lightweight one. */
  async tagByHand(name: string, target: string, message?: string): Promise<void> {
    const how = message === undefined ? [] : ["--annotate", "--message", message];
    await this.git().run(["tag", ...how, name, target], { env: personEnvironment(author, at) });
    this.#memo.forgetRefs();
  }

  async deleteTag(name: string): Promise<void> {
    await this.git().run(["tag", "--delete", name]);
    this.#memo.forgetRefs();
  }

  git(): Git {
    const bare = join(this.folder, "bare.git");
    this.#git ??= gitIn(bare, bare, true);
    return this.#git;
  }

  /** Where an artifact of a workflow run lies. */
  artifact(run: number, name: string): string {
    return join(this.folder, "artifacts", String(run), name);
  }

  ports(): Ports {
    const git = this.git();
    const stored = folderReleases(join(this.folder, "releases"));
    const { memory } = this;
    return this.#memo.watch({
      ...memoryPorts(memory),
      repository: gitRepository(git, { branch: "main" }),
      evidence: gitEvidence(git, { now: () => at }),
      tags: gitTags(git),
      branches: gitBranches(git, { now: () => at }),
      releases: stored.releases,
      bytes: this.#bytes(stored.bytes),
      workflows: {
        run: async (id) => await Promise.resolve(memory.runs.find((run) => run.id === id)),
        runsOf: async (head) =>
          await Promise.resolve(memory.runs.filter((run) => run.head === head).toSorted((a, b) => b.id - a.id)),
        record: async (run, artifact, file) =>
          await readFile(join(this.artifact(run, artifact), file)).catch(() => undefined),
        dispatch: async (inputs) => {
          memory.dispatches.push(inputs);
          return await Promise.resolve({ run: undefined });
        },
        cancel: async () => await Promise.resolve(),
      },
      now: () => at,
    });
  }

  #bytes(released: Bytes): Bytes {
    const place = (locator: Parameters<Bytes["fetch"]>[0]): string | undefined =>
      locator.kind === "workflow-artifact" ? join(this.artifact(locator.run, locator.name), locator.path) : undefined;
    return {
      async fetch(locator, into) {
        const from = place(locator);
        if (from === undefined) return await released.fetch(locator, into);
        return await copyFiles(from, into).catch(() => undefined);
      },
      async available(locator) {
        const from = place(locator);
        if (from === undefined) return await released.available(locator);
        return await access(from).then(
          () => true,
          () => false,
        );
      },
    };
  }

  /** Commits files on a branch, which is made from `main` where it is not there yet. */
  async commit(branch: string, files: Readonly<Record<string, string>>, message: string): Promise<CommitSha> {
    const git = this.git();
    const ref = `refs/heads/${branch}`;
    const before = await readRef(git, ref);
    const parent = before ?? (await readRef(git, "refs/heads/main"));
    const { commit } = await buildCommit(git, {
      parent: parent === undefined ? undefined : parseCommitSha(parent),
      files: new Map(Object.entries(files)),
      message,
      author,
      at,
    });
    await moveRef(git, ref, commit, before);
    this.#memo.forgetRefs();
    return commit;
  }

  async close(): Promise<void> {
    this.#git?.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    left.delete(this.folder);
  }
}
