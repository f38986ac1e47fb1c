import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { JobIdentity, RuntimeTokens } from "./runtime-tokens.ts";

export type TwirpRequest = Readonly<Record<string, unknown>>;
export type TwirpMethod = (request: TwirpRequest, job: JobIdentity) => Promise<object> | object;

/** An answer that is no success, in twirp's words: `already_exists`, `not_found`, `invalid_argument`. */
export class TwirpError extends Error {
  readonly code: keyof typeof statuses;
  constructor(code: keyof typeof statuses, message: string) {
    super(message);
    this.name = "TwirpError";
    this.code = code;
  }
}

const statuses = {
  already_exists: 409,
  bad_route: 404,
  internal: 500,
  invalid_argument: 400,
  not_found: 404,
  unauthenticated: 401,
} as const;

/** Serves `POST /twirp/<service>/<Method>` in JSON; `methods` by "Service/Method", without the package. */
export function createTwirp(
  methods: Readonly<Record<string, TwirpMethod>>,
  tokens: RuntimeTokens,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    try {
      const job = tokens.identify(request);
      if (job === undefined) throw new TwirpError("unauthenticated", "the runtime token is not known");
      const [, , service = "", method = ""] = (request.url ?? "").split("?")[0]?.split("/") ?? [];
      const name = `${service.split(".").at(-1) ?? ""}/${method}`;
      const handler = methods[name];
      if (handler === undefined) throw new TwirpError("bad_route", `the sandbox knows no "${name}"`);
      const body: unknown = await json(request);
      if (typeof body !== "object" || body === null)
        throw new TwirpError("invalid_argument", "the body must be an object");
      answer(200, await handler({ ...body }, job));
    } catch (error) {
      request.resume();
      const code = error instanceof TwirpError ? error.code : "internal";
      answer(statuses[code], { code, msg: error instanceof Error ? error.message : String(error) });
    }
  };
}

export function textOf(request: TwirpRequest, name: string): string {
  const value = request[name];
  if (typeof value !== "string" || value === "") throw new TwirpError("invalid_argument", `"${name}" is missing`);
  return value;
}

/** A wrapped text such as `{ value: "…" }`, or the text itself. */
export function wrappedOf(request: TwirpRequest, name: string): string | undefined {
  const value = request[name];
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || !("value" in value)) return undefined;
  return typeof value.value === "string" ? value.value : undefined;
}
