import { verify } from "node:crypto";
import { type GithubError, githubError } from "#sandbox/forge/contract.ts";
import type { AppRecord } from "#sandbox/forge/records.ts";

const undecodable = (): GithubError => githubError(401, "A JSON web token could not be decoded");

function readPart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object, as just checked
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // not JSON: the same answer as for no object
  }
  throw undecodable();
}

export function looksLikeJwt(token: string): boolean {
  return /^ey[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(token);
}

/** The app that signed this JWT (RS256, at most ten minutes long). Throws GitHub's 401s. */
export function verifyAppJwt(
  token: string,
  now: Date,
  appByIssuer: (issuer: string) => AppRecord | undefined,
): AppRecord {
  const [header = "", payload = "", signature = ""] = token.split(".");
  if (readPart(header)["alg"] !== "RS256") throw undecodable();
  const { iss, iat, exp } = readPart(payload);
  const app = typeof iss === "string" || typeof iss === "number" ? appByIssuer(String(iss)) : undefined;
  if (app === undefined) {
    throw githubError(404, "Integration not found");
  }
  if (app.publicKey === null) throw undecodable();
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify("RSA-SHA256", signed, app.publicKey, Buffer.from(signature, "base64url"))) throw undecodable();
  const seconds = now.getTime() / 1000;
  if (typeof exp !== "number") {
    throw githubError(401, "Missing 'expiration' ('exp') claim in assertion");
  }
  if (typeof iat !== "number" || iat > seconds + 60) {
    throw githubError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (exp <= seconds) {
    throw githubError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > seconds + 600 + 60) throw githubError(401, "'Expiration time' claim ('exp') is too far in the future");
  return app;
}
