import { resolve } from "node:path";
import { ServiceError } from "#core/ports.ts";
import { objectReader, type GitObject } from "./process/object-reader.ts";
import { refUpdater } from "./process/ref-updater.ts";
import { runGit, type GitAnswer, type GitRun } from "./process/run-git.ts";

/** A repository on this disk: runs git in it and reads its objects. */
export type Git = {
  /** the working tree's top, or the bare repository */
  folder: string;
  gitDir: string;
  bare: boolean;
  run(args: readonly string[], options?: Omit<GitRun, "folder" | "args">): Promise<GitAnswer>;
  /** The first line of what a command prints, or undefined if it exits with 1 or 128. */
  ask(args: readonly string[]): Promise<string | undefined>;
  object(name: string): Promise<GitObject | undefined>;
  /** As RefUpdater.update(). */
  updateRef(ref: string, to: string, from: string): Promise<string | undefined>;
  close(): void;
};

/** Opens the repository that holds this folder. Throws `not-found` with what to do where there is none. */
export async function openGit(folder: string): Promise<Git> {
  const answer = await runGit({
    folder,
    args: ["rev-parse", "--is-bare-repository", "--absolute-git-dir"],
    accept: [128],
  });
  const [bareText, gitDir] = answer.stdout.toString("utf8").split("\n");
  if (answer.code !== 0 || gitDir === undefined || gitDir === "") throw explainNoRepository(folder, answer);
  const bare = bareText === "true";
  const top = bare
    ? gitDir
    : (await runGit({ folder, args: ["rev-parse", "--show-toplevel"] })).stdout.toString("utf8").trimEnd();
  return gitIn(resolve(top), gitDir, bare);
}

/** A handle on a repository whose place is known. `env` reaches every command, e.g. another object folder. */
export function gitIn(folder: string, gitDir: string, bare: boolean, env: Readonly<Record<string, string>> = {}): Git {
  const objects = objectReader(folder, env);
  const refs = refUpdater(folder, env);
  const run: Git["run"] = (args, options = {}) => runGit({ ...options, folder, args, env: { ...env, ...options.env } });
  return {
    folder,
    gitDir,
    bare,
    run,
    async ask(args) {
      const answer = await run(args, { accept: [1, 128] });
      if (answer.code !== 0) return undefined;
      return answer.stdout.toString("utf8").split("\n")[0];
    },
    object: (name) => objects.read(name),
    updateRef: (ref, to, from) => refs.update(ref, to, from),
    close() {
      objects.close();
      refs.close();
    },
  };
}

function explainNoRepository(folder: string, answer: GitAnswer): ServiceError {
  if (answer.stderr.includes("dubious ownership")) {
    return new ServiceError(
      "forbidden",
      `Cannot open "${folder}" as a git repository: it belongs to another user; trust it with "git config --global --add safe.directory ${folder}"`,
    );
  }
  return new ServiceError(
    "not-found",
    `Cannot find a git repository at "${folder}": run this inside a clone, or make one with "git init"`,
  );
}
