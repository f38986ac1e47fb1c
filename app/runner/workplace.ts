import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "#core/plan/plan-record.ts";
import { hasDocker, removeContainer, writeDockerRun, type Container } from "./container/container.ts";
import { describeEnd } from "./process/failure-sentence.ts";
import { runCommand } from "./run-command.ts";

export type Phase = Failure["phase"];

/** A step of a task that did not work out, with a sentence that says what to do. */
export class StepFailure extends Error {
  override name = "StepFailure";
  readonly phase: Phase;
  readonly log: string;
  constructor(phase: Phase, message: string, log = "") {
    super(message);
    this.phase = phase;
    this.log = log;
  }
}

export type Conditions = {
  env: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  onLine?: ((line: string, phase: Phase) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** what commands run in; undefined: on the machine itself */
  container?: Container | undefined;
};

/**
 * A folder for the team's commands, with nothing beside it but what was put there: whatever else turns up next to it was
 * written outside.
 */
export class Workplace {
  /** what the commands run in */
  readonly folder: string;
  readonly #around: string;
  readonly #conditions: Conditions;
  readonly #beside = new Set(["work"]);

  constructor(around: string, conditions: Conditions) {
    this.#around = around;
    this.#conditions = conditions;
    this.folder = join(around, "work");
    mkdirSync(this.folder, { recursive: true });
  }

  /** A new folder beside the work. */
  beside(name: string): string {
    this.#beside.add(name);
    const folder = join(this.#around, name);
    mkdirSync(folder);
    return folder;
  }

  /** Runs a command of the config here; returns how long it took. Throws a `StepFailure`. */
  async run(
    phase: "setup" | "train" | "predict" | "watch" | "retrain",
    command: string,
    timeoutMs: number,
    env: Readonly<Record<string, string>>,
  ): Promise<number> {
    const { onLine, signal, secrets, container } = this.#conditions;
    const all = { ...this.#conditions.env, ...env };
    const inside = this.#enter(phase, command, env);
    const result = await runCommand({
      command: inside?.text ?? command,
      cwd: this.folder,
      env: all,
      timeoutMs,
      onLine: onLine === undefined ? undefined : (line) => onLine(line, phase),
      signal,
      secrets: Object.values(secrets),
    });
    // What docker itself started is not in the process group that was ended.
    if (inside !== undefined && result.kind !== "ok") await removeContainer(inside.name, all, this.folder);
    if (inside !== undefined && result.kind === "failed" && result.exitCode === 125)
      throw new StepFailure(
        phase,
        `docker could not run "${container?.image}": its log ends with the reason`,
        result.log,
      );
    const problem = describeEnd(phase, result, timeoutMs) ?? this.#strayProblem(phase);
    if (problem !== undefined) throw new StepFailure(phase, problem, result.log);
    return result.durationMs;
  }

  /** Removes the folder and what is beside it, as far as the team's code lets us. */
  remove(): void {
    try {
      rmSync(this.#around, { recursive: true, force: true, maxRetries: 2 });
    } catch {
      // Files that cannot be removed are the machine's to clean up: no reason to lose a run.
    }
  }

  /** What runs the command in the container, if there is one. */
  #enter(
    phase: Phase,
    command: string,
    env: Readonly<Record<string, string>>,
  ): { text: string; name: string } | undefined {
    const { container, env: hostEnv } = this.#conditions;
    if (container === undefined) return undefined;
    if (!hasDocker(hostEnv))
      throw new StepFailure(
        phase,
        `The config runs commands in "${container.image}" ("setup.container"), and there is no docker on this machine: name runners that have it in "runs-on", or take "container" out`,
      );
    this.#beside.add("home");
    const around = { around: this.#around, folder: this.folder, home: join(this.#around, "home") };
    return writeDockerRun({ ...container, ...around, command, env, hostEnv });
  }

  #strayProblem(phase: Phase): string | undefined {
    const stray = readdirSync(this.#around).find((name) => !this.#beside.has(name));
    if (stray === undefined) return undefined;
    return `The "${phase}" command wrote "../${stray}", outside its folder: write below the folder that it starts in`;
  }
}
