import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The events that the app listens to; whatever else arrives is answered and dropped. */
const events = ["pull_request", "push", "workflow_run", "issue_comment", "check_run", "installation", "installation_repositories", "ping"] as const;
export type EventName = (typeof events)[number];

/** GitHub sends no more than 25 MB. */
const mostBytes = 25 * 1024 * 1024;

export type ReceivedWebhook =
  | { kind: "event"; id: string; name: EventName; payload: Readonly<Record<string, unknown>> }
  | { kind: "refused"; status: 400 | 401 | 413; because: string }
  | { kind: "ignored"; because: string };

/**
 * Reads one webhook. Nothing of the body is looked at before its signature fits: `X-Hub-Signature-256` is the HMAC of the
 * raw bytes under the shared secret.
 */
export async function receiveWebhook(request: IncomingMessage, secret: string): Promise<ReceivedWebhook> {
  const body = await readBody(request);
  if (body === undefined) return { kind: "refused", status: 413, because: "The body is larger than 25 MB" };
  if (!isSigned(body, header(request, "x-hub-signature-256"), secret)) {
    return { kind: "refused", status: 401, because: "The signature does not fit the body: is the webhook's secret the same on both sides?" };
  }
  const id = header(request, "x-github-delivery");
  const given = header(request, "x-github-event");
  const name = events.find((event) => event === given);
  if (id === "" || id.length > 100) return { kind: "refused", status: 400, because: 'The header "X-GitHub-Delivery" is missing' };
  if (name === undefined) return { kind: "ignored", because: "The app does not listen to this event" };
  const payload = parseObject(body);
  if (payload === undefined) return { kind: "refused", status: 400, because: "The body is no JSON object: set the webhook's content type to application/json" };
  return { kind: "event", id, name, payload };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    // Read on without keeping: an answer before the end of the body is lost to most clients.
    if (size <= mostBytes) chunks.push(chunk);
    if (size > 2 * mostBytes) return undefined;
  }
  return size > mostBytes ? undefined : Buffer.concat(chunks);
}

function isSigned(body: Buffer, signature: string, secret: string): boolean {
  const wanted = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function parseObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value));
  } catch {
    return undefined;
  }
}
