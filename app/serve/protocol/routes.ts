import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Serving } from "#serve/follow-source.ts";
import type { AnswersLog } from "#serve/answers-log.ts";
import { RequestsCount } from "#serve/requests-count.ts";
import { kinds } from "./datatypes.ts";
import { HttpError } from "./http-error.ts";
import { infer } from "./infer.ts";
import type { TensorSpec } from "#serve/onnx/tensors.ts";

const mostBytes = 64 * 1024 * 1024;

type ModelPath = { Params: { model: string; version?: string } };

/** The Open Inference Protocol v2 over HTTP for the one model of this name, while `serving` answers it; every error is `{"error": …}`. */
export function buildServer(
  about: { name: string; version: string },
  model: string,
  serving: () => Serving | undefined,
  log?: AnswersLog,
): FastifyInstance {
  const server = fastify({
    bodyLimit: mostBytes,
    // a body that never ends
    requestTimeout: 60_000,
    forceCloseConnections: "idle",
    // an address that cannot be decoded reaches no route and no error handler
    frameworkErrors: (error, _, reply: FastifyReply) => {
      reply.code(400).send({ error: error.message });
    },
  });
  const count = new RequestsCount();
  answerErrors(server);
  readEveryBodyAsJson(server);

  server.get("/v2", () => ({ ...about, extensions: [] }));
  server.get("/v2/health/live", () => ({ live: true }));
  server.get("/v2/health/ready", () => {
    if (serving()?.engine.works !== true) throw new HttpError(503, "No model is ready");
    return { ready: true, live: true };
  });
  server.get("/metrics", (_, reply) => reply.type("text/plain; version=0.0.4").send(count.text()));

  for (const path of ["/v2/models/:model", "/v2/models/:model/versions/:version"]) {
    server.get<ModelPath>(path, ({ params }) => describe(find(serving(), model, params)));
    server.get<ModelPath>(`${path}/ready`, ({ params }) => {
      const { name, engine } = find(serving(), model, params);
      if (!engine.works) throw new HttpError(503, `The model "${name}" is not ready`);
      return { name, ready: true };
    });
    server.post<ModelPath>(`${path}/infer`, { onRequest: refuseBinary }, async ({ params, body }) => {
      const found = find(serving(), model, params);
      const startedAt = performance.now();
      let code = 500;
      try {
        const answer = await infer(found.engine, found, body, logTo(log, found.version));
        code = 200;
        return answer;
      } catch (error) {
        if (error instanceof HttpError) code = error.status;
        throw error;
      } finally {
        count.add({
          model: found.name,
          version: found.version,
          code,
          seconds: (performance.now() - startedAt) / 1_000,
        });
      }
    });
  }
  return server;
}

function logTo(log: AnswersLog | undefined, version: string): Parameters<typeof infer>[3] {
  if (log === undefined) return undefined;
  return ({ id, inputs }, { outputs }) => {
    log.add({ at: new Date().toISOString(), version, id, inputs, outputs });
  };
}

/** Before the body is read: it would be no JSON. */
async function refuseBinary({ headers }: FastifyRequest): Promise<void> {
  if (headers["inference-header-content-length"] === undefined) return;
  throw new HttpError(400, "Binary tensors are not supported: send the data as JSON (tritonclient: binary_data=False)");
}

function find(serving: Serving | undefined, only: string, { model, version }: ModelPath["Params"]): Serving {
  if (model !== only) throw new HttpError(404, `There is no model "${model}" here: "${only}" is served`);
  if (serving === undefined) throw new HttpError(503, `No version of "${model}" is ready`);
  if (version !== undefined && version !== serving.version) {
    throw new HttpError(404, `The version "${version}" of "${model}" is not served: "${serving.version}" is`);
  }
  return serving;
}

function describe({ name, version, engine }: Serving): unknown {
  const tensor = (spec: TensorSpec) => ({ name: spec.name, datatype: kinds[spec.type].datatype, shape: spec.shape });
  return {
    name,
    versions: [version],
    platform: "onnx_onnxv1",
    inputs: engine.inputs.map(tensor),
    outputs: engine.outputs.map(tensor),
  };
}

function answerErrors(server: FastifyInstance): void {
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `There is nothing at ${request.method} ${request.url.slice(0, 200)}` }),
  );
  server.setErrorHandler((error, _, reply) => {
    const status = error instanceof HttpError ? error.status : statusOf(error);
    const message = status === 500 && !(error instanceof HttpError) ? "The server made a mistake" : messageOf(error);
    return reply.code(status).send({ error: message });
  });
}

/** Fastify's own errors (a body too large, a broken header) know their status. */
function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Clients of this protocol name all kinds of content types, or none. */
function readEveryBodyAsJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => {
    try {
      done(null, JSON.parse(body.toString()));
    } catch (error) {
      done(new HttpError(400, "The body is no JSON", { cause: error }));
    }
  });
}
