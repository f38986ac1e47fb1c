import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The events that the app listens to; whatever else arrives is answered and dropped. */
const events = [
  "pull_request",
  "push",
  "workflow_run",
  "issue_comment",
  "issues",
  "check_run",
  "merge_group",
  "installation",
  "installation_repositories",
  "ping",
] as const;
export type EventName = (typeof events)[number];

/** GitHub sends no more than 25 MB. */
const mostBytes = 25 * 1024 * 1024;

/** All bodies that are being read hold no more than this together: until the last byte nobody has shown who they are. */
const mostHeldBytes = 8 * mostBytes;
let heldBytes = 0;

export type ReceivedWebhook =
  | { kind: "event"; id: string; name: EventName; payload: Readonly<Record<string, unknown>> }
  | { kind: "refused"; status: 400 | 401 | 413 | 503; because: string }
  | { kind: "ignored"; because: string };

/**
 * Reads one webhook. Nothing of the body is looked at before its signature fits: `X-Hub-Signature-256` is the HMAC of the
 * raw bytes under the shared secret.
 */
export async function receiveWebhook(request: IncomingMessage, secret: string): Promise<ReceivedWebhook> {
  const body = await readBody(request);
  if (body === "large") return { kind: "refused", status: 413, because: "The body is larger than 25 MB" };
  if (body === "busy") return { kind: "refused", status: 503, because: "Too many webhooks at once: send it again" };
  if (!isSigned(body, header(request, "x-hub-signature-256"), secret)) {
    return {
      kind: "refused",
      status: 401,
      because: "The signature does not fit the body: is the webhook's secret the same on both sides?",
    };
  }
  const id = header(request, "x-github-delivery");
  const given = header(request, "x-github-event");
  const name = events.find((event) => event === given);
  if (id === "" || id.length > 100)
    return { kind: "refused", status: 400, because: 'The header "X-GitHub-Delivery" is missing' };
  if (name === undefined) return { kind: "ignored", because: "The app does not listen to this event" };
  const payload = parseObject(body);
  if (payload === undefined)
    return {
      kind: "refused",
      status: 400,
      because: "The body is no JSON object: set the webhook's content type to application/json",
    };
  return { kind: "event", id, name, payload };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

async function readBody(request: IncomingMessage): Promise<Buffer | "large" | "busy"> {
  // What cannot be signed is read to its end and not kept: an answer before that is lost to most clients.
  const mayKeep = /^sha256=[0-9a-f]{64}$/.test(header(request, "x-hub-signature-256"));
  const chunks: Buffer[] = [];
  let [size, kept, isBusy] = [0, 0, false];
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > 2 * mostBytes) return "large";
      isBusy ||= heldBytes + chunk.length > mostHeldBytes;
      if (size > mostBytes || isBusy || !mayKeep) continue;
      chunks.push(chunk);
      kept += chunk.length;
      heldBytes += chunk.length;
    }
    if (size > mostBytes) return "large";
    return isBusy ? "busy" : Buffer.concat(chunks);
  } finally {
    heldBytes -= kept;
  }
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
