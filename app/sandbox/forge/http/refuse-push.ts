import type { IncomingMessage, ServerResponse } from "node:http";
import type { RefChange } from "#sandbox/forge/git/git-store.ts";

export type Refusal = { ref: string; violations: readonly string[] };

/**
 * Answers a push in git's own form (gitprotocol-pack, "Report Status"): nothing moves, and the client shows why, in the
 * words of GitHub. One ref that rules refuse takes the others with it.
 */
export function refusePush(
  request: IncomingMessage,
  response: ServerResponse,
  push: { changes: readonly RefChange[]; sideband: boolean },
  refusals: readonly Refusal[],
  rulesUrl: string,
): void {
  request.resume();
  response.writeHead(200, {
    "content-type": "application/x-git-receive-pack-result",
    "cache-control": "no-cache, max-age=0, must-revalidate",
  });
  const report = [
    packet("unpack ok\n"),
    ...push.changes.map(({ name }) => packet(`ng ${name} push declined due to repository rule violations\n`)),
    "0000",
  ].join("");
  // no packet is longer than this
  const words = refusals
    .map((refusal) => sayRefusal(refusal, rulesUrl))
    .join("")
    .slice(0, 20_000);
  response.end(push.sideband ? `${packet(`\u0002${words}`)}${packet(`\u0001${report}`)}0000` : report);
}

function sayRefusal({ ref, violations }: Refusal, rulesUrl: string): string {
  const list = violations.map((one) => `- ${one}\n`).join("");
  return (
    `error: GH013: Repository rule violations found for ${ref}.\n` +
    `Review all repository rules at ${rulesUrl}?ref=${encodeURIComponent(ref)}\n\n${list}\n`
  );
}

function packet(text: string): string {
  const length = Buffer.byteLength(text) + 4;
  return length.toString(16).padStart(4, "0") + text;
}
