import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Tensor, TensorSpec, WorkerAnswer, WorkerRequest } from "./tensors.ts";

export type EngineErrorCode = "timeout" | "failed" | "busy" | "closed";

/** A model could not be loaded or did not answer. */
export class EngineError extends Error {
  override name = "EngineError";
  readonly code: EngineErrorCode;
  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type EngineLimits = { loadTimeoutMs: number; runTimeoutMs: number; mostWaiting: number };
export const engineLimits: EngineLimits = { loadTimeoutMs: 60_000, runTimeoutMs: 10_000, mostWaiting: 1_000 };

type Job = {
  inputs: readonly Tensor[];
  outputs: readonly string[];
  resolve(outputs: readonly Tensor[]): void;
  reject(error: EngineError): void;
};

/**
 * One model in a thread of its own, which runs one request after the other. A request that takes too long costs only
 * itself: the thread is ended and started again, and those that wait behind it go on.
 */
export class Engine {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #bytes: Uint8Array;
  readonly #limits: EngineLimits;
  readonly #waiting: Job[] = [];
  #worker: Worker;
  #running = false;
  #closing = false;
  #broken: EngineError | undefined;
  #idle: (() => void)[] = [];

  private constructor(
    bytes: Uint8Array,
    limits: EngineLimits,
    worker: Worker,
    specs: Extract<WorkerAnswer, { kind: "loaded" }>,
  ) {
    this.#bytes = bytes;
    this.#limits = limits;
    this.#worker = worker;
    this.inputs = specs.inputs;
    this.outputs = specs.outputs;
  }

  /** Loads a model. Throws an `EngineError`: what the runtime said, or that it took too long. */
  static async load(bytes: Uint8Array, limits: EngineLimits = engineLimits): Promise<Engine> {
    const { worker, specs } = await startWorker(bytes, limits);
    return new Engine(bytes, limits, worker, specs);
  }

  /** False once the model could not be started again. */
  get works(): boolean {
    return this.#broken === undefined;
  }

  /** Runs the model. Throws an `EngineError`. */
  run(inputs: readonly Tensor[], outputs: readonly string[]): Promise<readonly Tensor[]> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    if (this.#closing) return Promise.reject(new EngineError("closed", "The model is being replaced"));
    if (this.#waiting.length >= this.#limits.mostWaiting) {
      return Promise.reject(
        new EngineError("busy", `${this.#waiting.length} requests are waiting already: try again later`),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ inputs, outputs, resolve, reject });
      void this.#work();
    });
  }

  /** Answers what is waiting, then ends the thread. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#running) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#worker.terminate();
  }

  async #work(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) await this.#runOne(job);
    this.#running = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #runOne(job: Job): Promise<void> {
    if (this.#broken !== undefined) return job.reject(this.#broken);
    try {
      const answer = await ask(
        this.#worker,
        { kind: "run", inputs: job.inputs, outputs: job.outputs },
        this.#limits.runTimeoutMs,
      );
      if (answer.kind === "ran") return job.resolve(answer.outputs);
      job.reject(new EngineError("failed", answer.kind === "failed" ? answer.message : "The model gave no answer"));
      if (answer.kind === "failed" && answer.fatal) await this.#startAgain();
    } catch (error) {
      job.reject(error instanceof EngineError ? error : new EngineError("failed", String(error)));
      await this.#startAgain();
    }
  }

  async #startAgain(): Promise<void> {
    await this.#worker.terminate();
    try {
      this.#worker = (await startWorker(this.#bytes, this.#limits)).worker;
    } catch (error) {
      this.#broken = new EngineError("failed", "The model could not be started again", { cause: error });
    }
  }
}

/** As source the worker is TypeScript, which Node runs; a bundle has it beside itself, or above its chunks. */
function findWorkerFile(): URL {
  const places = ["./worker.ts", "./onnx-worker.js", "../onnx-worker.js"].map((name) => new URL(name, import.meta.url));
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new EngineError("failed", `Cannot find the model's worker beside "${import.meta.url}"`);
  return found;
}

async function startWorker(
  bytes: Uint8Array,
  limits: EngineLimits,
): Promise<{ worker: Worker; specs: Extract<WorkerAnswer, { kind: "loaded" }> }> {
  const worker = new Worker(findWorkerFile(), { env: {}, stdout: true, stderr: true });
  worker.unref();
  // One that dies while nobody asks must not end the process.
  worker.on("error", () => undefined);
  worker.stdout.resume();
  worker.stderr.resume();
  try {
    const specs = await ask(worker, { kind: "load", bytes }, limits.loadTimeoutMs);
    if (specs.kind === "loaded") return { worker, specs };
    throw new EngineError("failed", specs.kind === "failed" ? specs.message : "The model was not loaded");
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

/** One question to a worker that answers one at a time. Rejects with an `EngineError` if it dies or takes too long. */
function ask(worker: Worker, request: WorkerRequest, timeoutMs: number): Promise<WorkerAnswer> {
  // One that has ended has no number, and would never answer.
  if (worker.threadId === -1) return Promise.reject(new EngineError("failed", "The model's thread ended"));
  return new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      worker.off("message", answered).off("error", died).off("exit", died);
      how();
    };
    const answered = (answer: WorkerAnswer): void => settle(() => resolve(answer));
    const died = (cause: unknown): void =>
      settle(() => reject(new EngineError("failed", "The model's thread ended", { cause })));
    const late = (): void => reject(new EngineError("timeout", `The model did not answer within ${timeoutMs} ms`));
    const timer = setTimeout(() => settle(late), timeoutMs);
    worker.on("message", answered).on("error", died).on("exit", died);
    worker.postMessage(request);
  });
}
