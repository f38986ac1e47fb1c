import { digest } from "#core/canonical.ts";
import type { ModelSource, ServedModel, ServeEvent } from "./model-source.ts";
import { Engine, EngineError, type EngineLimits } from "./onnx/engine.ts";
import { findModelProblem, type ModelProblem } from "./onnx/find-model-problem.ts";
import { warmUp } from "./onnx/warm-up.ts";

/** A model that answers, with its thread. */
export type Serving = { name: string; version: string; sha256: string; engine: Engine };

/**
 * Keeps serving what a source says: a new model is fetched, verified, loaded and warmed beside the old one, then takes its
 * place at once, and the old one answers what it has begun. A new model that is broken leaves the old one serving.
 */
export class Follower {
  readonly #source: ModelSource;
  readonly #limits: EngineLimits;
  readonly #onEvent: (event: ServeEvent) => void;
  readonly #draining = new Set<Promise<void>>();
  #serving: Serving | undefined;
  /** a version whose bytes are broken is not fetched again */
  #refused: string | undefined;
  #said: string | undefined;
  #looking: Promise<void> | undefined;
  #stopped = false;

  constructor(source: ModelSource, limits: EngineLimits, onEvent: (event: ServeEvent) => void) {
    this.#source = source;
    this.#limits = limits;
    this.#onEvent = onEvent;
  }

  get serving(): Serving | undefined {
    return this.#serving;
  }

  /** Looks at the source once; a look that is under way is shared. Never throws: what goes wrong is an event. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /** Serves nothing more, and waits for what was begun. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#looking;
    this.#replace(undefined);
    await Promise.all(this.#draining);
  }

  async #look(): Promise<void> {
    try {
      const wanted = await this.#source.current();
      if (this.#stopped) return;
      if ("nothing" in wanted) this.#serveNothing(wanted.nothing);
      else await this.#follow(wanted);
    } catch (error) {
      this.#say({ kind: "unreachable", message: `Cannot see what to serve: ${reasonOf(error)}` });
    }
  }

  #serveNothing(message: string): void {
    this.#replace(undefined);
    this.#say({ kind: "gone", message });
  }

  async #follow(wanted: ServedModel): Promise<void> {
    const now = this.#serving;
    const sameBytes = now?.sha256 === wanted.sha256 && now.engine.works;
    if (sameBytes && now.version === wanted.version && now.name === wanted.name) return;
    if (this.#refused === keyOf(wanted)) return;
    const engine = sameBytes ? now.engine : await this.#load(wanted);
    if (engine === undefined) return;
    if (this.#stopped) return engine.close();
    this.#replace({ name: wanted.name, version: wanted.version, sha256: wanted.sha256, engine });
    this.#refused = undefined;
    const { name, version, sha256 } = wanted;
    this.#say({
      kind: "serving",
      name,
      version,
      sha256,
      message: `Serving "${name}" ${version} (${sha256.slice(0, 12)})`,
    });
  }

  async #load(wanted: ServedModel): Promise<Engine | undefined> {
    const { path, bytes } = await wanted.file();
    const found = digest(bytes);
    if (found !== wanted.sha256)
      return this.#refuse(wanted, `its bytes hash to "${found}", they should hash to "${wanted.sha256}"`);
    const problem = findModelProblem(bytes);
    if (problem !== undefined) return this.#refuse(wanted, sayProblem(path, problem));
    try {
      const engine = await Engine.load(bytes, this.#limits);
      return (await warmUp(engine))
        ? engine
        : this.#refuse(wanted, `it did not answer a first request within ${this.#limits.runTimeoutMs} ms`, engine);
    } catch (error) {
      if (error instanceof EngineError) return this.#refuse(wanted, error.message);
      throw error;
    }
  }

  #refuse(wanted: ServedModel, because: string, engine?: Engine): undefined {
    void engine?.close();
    this.#refused = keyOf(wanted);
    const still = this.#serving === undefined ? "nothing is served" : `${this.#serving.version} goes on serving`;
    const { name, version, sha256 } = wanted;
    this.#say({
      kind: "refused",
      name,
      version,
      sha256,
      message: `Cannot serve "${name}" ${version}: ${because}; ${still}`,
    });
    return undefined;
  }

  #replace(next: Serving | undefined): void {
    const before = this.#serving;
    this.#serving = next;
    if (before === undefined || before.engine === next?.engine) return;
    const drained = before.engine.close().finally(() => this.#draining.delete(drained));
    this.#draining.add(drained);
  }

  /** Says what is new: the same thing is not said at every look. */
  #say(event: ServeEvent): void {
    if (event.message === this.#said) return;
    this.#said = event.message;
    this.#onEvent(event);
  }
}

function keyOf(model: ServedModel): string {
  return `${model.name} ${model.version} ${model.sha256}`;
}

/** What whoever trains the model can do: nothing here can be set. */
function sayProblem(path: string, { kind, because }: ModelProblem): string {
  return kind === "no-onnx"
    ? `"${path}" is no ONNX file (${because}), and only ONNX is served for now: let "train" write the model as one .onnx file, or serve "${path}" with a server of its kind`
    : `"${path}" ${because}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
