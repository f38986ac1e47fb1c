import type { AnswersLog } from "./answers-log.ts";
import { Follower } from "./follow-source.ts";
import type { ModelSource, ServeEvent } from "./model-source.ts";
import { type EngineLimits, engineLimits } from "./onnx/engine.ts";
import { buildServer } from "./protocol/routes.ts";

export type ServeOptions = {
  /** 0: any free one */
  port: number;
  /** where to listen, such as "127.0.0.1" (this machine only) or "::" */
  host: string;
  source: ModelSource;
  /** default 2,000 */
  pollMs?: number;
  limits?: Partial<EngineLimits>;
  /** takes every answer; closed with the server */
  log?: AnswersLog;
  onEvent?: (event: ServeEvent) => void;
};

export type ModelServer = {
  /** where it listens, such as "http://127.0.0.1:8080" */
  url: string;
  /** what answers now */
  serving(): { name: string; version: string; sha256: string } | undefined;
  /** Looks at the source now, instead of at the next poll; resolves when what it says is served or refused. */
  look(): Promise<void>;
  /** Answers what was begun, then stops listening. */
  close(): Promise<void>;
};

/** The server cannot start; the message says what to do. */
export class ServeError extends Error {
  override name = "ServeError";
}

/**
 * Serves the model that a source names over the Open Inference Protocol v2 (REST, JSON) and follows the source with no
 * restart. Resolves when it listens and has looked once: without a model it is live, but not ready. Throws a `ServeError`.
 */
export async function serveModel(options: ServeOptions): Promise<ModelServer> {
  const { port, host, source, pollMs = 2_000, onEvent = () => undefined } = options;
  const follower = new Follower(source, { ...engineLimits, ...options.limits }, onEvent);
  const server = buildServer({ name: "trainyard", version: "2" }, source.model, () => follower.serving, options.log);
  const url = await server.listen({ port, host }).catch((error: unknown) => {
    throw new ServeError(whyNotListening(error, host, port), { cause: error });
  });
  await follower.look();
  const timer = setInterval(() => void follower.look(), pollMs);
  return {
    url,
    serving: () =>
      follower.serving && {
        name: follower.serving.name,
        version: follower.serving.version,
        sha256: follower.serving.sha256,
      },
    look: () => follower.look(),
    close: async () => {
      clearInterval(timer);
      await server.close();
      await follower.stop();
      await options.log?.close();
    },
  };
}

function whyNotListening(error: unknown, host: string, port: number): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  const shown = `Cannot listen on "${host}:${port}"`;
  if (code === "EADDRINUSE")
    return `${shown}: the port is taken. Stop what listens there, or choose another one with "--port"`;
  if (code === "EACCES") return `${shown}: ports below 1024 are for administrators. Choose another one with "--port"`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `${shown}: this machine has no such address. Choose another one with "--host"`;
  return `${shown}: ${error instanceof Error ? error.message : String(error)}`;
}
