import { createHmac, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Which job a request to a service comes from. */
export type JobIdentity = {
  repository: number;
  run: number;
  attempt: number;
  job: number;
  /** where its caches are written to, and where else they are looked for, in order */
  cacheScopes: readonly string[];
};

export type RuntimeTokens = {
  issue(identity: JobIdentity): string;
  /** The job behind a request's bearer token; undefined: none. */
  identify(request: IncomingMessage): JobIdentity | undefined;
};

/** ACTIONS_RUNTIME_TOKEN: a JWT whose `scp` the artifact client reads. Valid as long as this process lives. */
export function createRuntimeTokens(): RuntimeTokens {
  const key = randomBytes(32);
  const issued = new Map<string, JobIdentity>();
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    issue(identity) {
      const head = part({ alg: "HS256", typ: "JWT" });
      const body = part({
        scp: `Actions.Results:${identity.run}:${identity.job}`,
        orch_id: `${identity.run}.${identity.attempt}`,
      });
      const signature = createHmac("sha256", key).update(`${head}.${body}`).digest("base64url");
      const token = `${head}.${body}.${signature}`;
      issued.set(token, identity);
      return token;
    },
    identify: (request) => issued.get((request.headers.authorization ?? "").replace(/^bearer /i, "")),
  };
}
