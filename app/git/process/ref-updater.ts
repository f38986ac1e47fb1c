import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { holdChild } from "./hold-child.ts";
import { gitArguments, gitEnvironment } from "./run-git.ts";

export type RefUpdater = {
  /** Moves a ref from one object to another (all zeros: from or to nothing). Answers git's complaint if it did not. */
  update(ref: string, to: string, from: string): Promise<string | undefined>;
  close(): void;
};

/** Moves refs through one `git update-ref --stdin`, a transaction each, which never keeps the process alive. */
export function refUpdater(folder: string, env: Readonly<Record<string, string>> = {}): RefUpdater {
  let child: ChildProcessWithoutNullStreams | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function start(): ChildProcessWithoutNullStreams {
    const started = spawn("git", gitArguments(["update-ref", "--stdin"]), { cwd: folder, env: gitEnvironment(env) });
    started.stdin.on("error", () => undefined);
    started.on("error", () => undefined);
    started.on("close", () => {
      if (child === started) child = undefined;
    });
    return started;
  }

  async function updateNow(ref: string, to: string, from: string): Promise<string | undefined> {
    const running = (child ??= start());
    holdChild(running, true);
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    let [said, complaint] = ["", ""];
    const onSaid = (chunk: Buffer): void => {
      said += chunk.toString("utf8");
      if (said.includes("commit: ok\n")) resolve(undefined);
    };
    const onComplaint = (chunk: Buffer): void => void (complaint += chunk.toString("utf8"));
    // git ends at the first complaint: the next update starts another one
    const onError = (cause: Error): void => void (complaint += cause.message);
    const onClose = (): void => resolve(complaint.trim() === "" ? "git ended" : complaint);
    running.stdout.on("data", onSaid);
    running.stderr.on("data", onComplaint);
    running.on("error", onError).on("close", onClose);
    running.stdin.write(`start\nupdate ${ref} ${to} ${from}\ncommit\n`);
    try {
      return await promise;
    } finally {
      running.stdout.off("data", onSaid);
      running.stderr.off("data", onComplaint);
      running.off("error", onError).off("close", onClose);
      holdChild(running, false);
    }
  }

  return {
    update(ref, to, from) {
      // one command is one line, its parts stand between spaces
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      if (/[\u0000-\u0020\u007f]/.test(ref)) return Promise.resolve(`fatal: invalid ref format: ${ref}`);
      const updated = queue.then(() => updateNow(ref, to, from));
      queue = updated;
      return updated;
    },
    close() {
      child?.stdin.end();
      child = undefined;
    },
  };
}
