import type { ServedModel } from "#serve/model-source.ts";
import { type ModelServer, serveModel, type ServeOptions } from "#serve/serve-model.ts";

type Current = ServedModel | undefined | (() => Promise<ServedModel | undefined>);

/** A server on a free port, which looks at its source only when it is told to. */
export function start(current: Current, options: Partial<ServeOptions> = {}): Promise<ModelServer> {
  const look = typeof current === "function" ? current : () => Promise.resolve(current);
  const source = {
    model: typeof current === "object" ? current.name : "churn",
    current: async () => (await look()) ?? { nothing: "There is nothing to serve" },
  };
  return serveModel({ port: 0, host: "127.0.0.1", source, pollMs: 60_000, ...options });
}

export type Answer = [status: number, body: unknown];

/** What a client of the protocol does, with nothing but fetch. */
export class Client {
  readonly url: string;
  constructor(server: ModelServer) {
    this.url = server.url;
  }

  async get(path: string): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`);
    return [response.status, await response.json()];
  }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`${this.url}${path}`, { method: "POST", body: text, headers });
    return [response.status, await response.json()];
  }

  /** One row of two numbers to the model `churn`. */
  infer(data: unknown, change: Record<string, unknown> = {}): Promise<Answer> {
    return this.post("/v2/models/churn/infer", {
      inputs: [{ name: "x", shape: [1, 2], datatype: "FP32", data, ...change }],
    });
  }
}
