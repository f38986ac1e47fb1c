import type { IncomingMessage } from "node:http";
import type { RefChange } from "#sandbox/forge/git/git-store.ts";

const zero = "0".repeat(40);
/** as long as no push that makes sense */
const capBytes = 4 * 1024 * 1024;

/**
 * What a push asks for, read from the head of its body (gitprotocol-pack, "Reference Update Request"); the body is given
 * back whole. `sideband`: the client can be told in words. Throws where the body is no such request.
 */
export async function readPushCommands(
  request: IncomingMessage,
): Promise<{ changes: readonly RefChange[]; sideband: boolean }> {
  let read = Buffer.alloc(0);
  for (;;) {
    const parsed = parseCommands(read);
    if (parsed !== undefined) {
      request.unshift(read);
      return parsed;
    }
    if (read.length > capBytes) throw new Error("The push names too many refs");
    // oxlint-disable-next-line no-await-in-loop -- one part after the other
    const more = await nextChunk(request);
    if (more === undefined) throw new Error("The push ended before its commands did");
    read = Buffer.concat([read, more]);
  }
}

/** undefined: more is needed. */
function parseCommands(bytes: Buffer): { changes: readonly RefChange[]; sideband: boolean } | undefined {
  const changes: RefChange[] = [];
  let sideband = false;
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = Number.parseInt(bytes.toString("latin1", at, at + 4), 16);
    if (length === 0) return { changes, sideband };
    if (!(length >= 4)) throw new Error("The push is not in git's form");
    if (at + length > bytes.length) return undefined;
    const [line = "", capabilities = ""] = bytes.toString("utf8", at + 4, at + length).split("\0", 2);
    if (capabilities.includes("side-band-64k")) sideband = true;
    const [, before, after, name] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.+?)\n?$/.exec(line) ?? [];
    if (before !== undefined && after !== undefined && name !== undefined) {
      changes.push({ name, before: before === zero ? null : before, after: after === zero ? null : after });
    }
    at += length;
  }
  return undefined;
}

function nextChunk(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const chunk: unknown = request.read();
      if (chunk === null && !request.readableEnded) return;
      done();
      resolve(Buffer.isBuffer(chunk) ? chunk : undefined);
    };
    const fail = (cause: Error): void => {
      done();
      reject(cause);
    };
    const done = (): void => {
      request.off("readable", look).off("end", look).off("error", fail);
    };
    request.on("readable", look).on("end", look).on("error", fail);
    look();
  });
}
