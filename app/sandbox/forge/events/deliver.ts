import { createHmac } from "node:crypto";
import type { DeliveryRecord, HookRecord } from "#sandbox/forge/records.ts";

const timeoutMs = 10_000;
/** GitHub sends no payload beyond 25 MB */
export const payloadCapBytes = 25 * 1024 * 1024;

export type Parcel = {
  hook: HookRecord;
  guid: string;
  event: string;
  payload: unknown;
  stop: AbortSignal;
};
export type Outcome = Pick<DeliveryRecord, "status" | "status_code" | "durationMs" | "request" | "response">;

/** Posts one webhook as GitHub does, signed if the hook has a secret. Never throws: what went wrong is in the outcome. */
export async function deliver(parcel: Parcel): Promise<Outcome> {
  const { hook, payload, stop } = parcel;
  const body = JSON.stringify(payload);
  const headers = headersOf(parcel, body);
  const started = performance.now();
  const done = (status: string, code: number, response: Outcome["response"]): Outcome => ({
    status,
    status_code: code,
    durationMs: performance.now() - started,
    request: { headers, payload },
    response,
  });
  try {
    const answer = await fetch(hook.url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
    });
    const text = (await answer.text()).slice(0, 10_000);
    const status = answer.ok ? "OK" : `Invalid HTTP Response: ${answer.status}`;
    return done(status, answer.status, { headers: Object.fromEntries(answer.headers), payload: text });
  } catch (cause) {
    const late = cause instanceof DOMException && cause.name === "TimeoutError";
    return done(late ? "timed out" : "failed to connect to host", late ? 504 : 502, { headers: {}, payload: "" });
  }
}

/** What the log says of a webhook whose receiver could not be reached. */
export function failToDeliver(parcel: Parcel): Promise<Outcome> {
  const { payload } = parcel;
  return Promise.resolve({
    status: "failed to connect to host",
    status_code: 502,
    durationMs: 0,
    request: { headers: headersOf(parcel, JSON.stringify(payload)), payload },
    response: { headers: {}, payload: "" },
  });
}

function headersOf({ hook, guid, event }: Parcel, body: string): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/5a4d0a8",
    "X-GitHub-Event": event,
    "X-GitHub-Delivery": guid,
    "X-GitHub-Hook-ID": String(hook.id),
    "X-GitHub-Hook-Installation-Target-Type": hook.target.kind === "app" ? "integration" : "repository",
    "X-GitHub-Hook-Installation-Target-ID": String(
      hook.target.kind === "app" ? hook.target.app : hook.target.repository,
    ),
  };
  if (hook.secret !== null) {
    headers["X-Hub-Signature"] = `sha1=${createHmac("sha1", hook.secret).update(body).digest("hex")}`;
    headers["X-Hub-Signature-256"] = `sha256=${createHmac("sha256", hook.secret).update(body).digest("hex")}`;
  }
  return headers;
}
