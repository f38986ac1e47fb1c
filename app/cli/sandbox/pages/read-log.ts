import { open } from "node:fs/promises";
import type { LogPart } from "#web/pages.ts";

/** bytes read at once; a page shows the last part of a longer log */
const mostBytes = 512 * 1024;

/**
 * The lines of a log file from a byte on, at most half a megabyte of whole ones, made fit to be shown. `from` undefined:
 * its last part. A log that is not there is empty.
 */
export async function readLog(path: string, from: number | undefined, hasEnded: boolean): Promise<LogPart> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return { text: "", next: from ?? 0, ended: hasEnded };
  try {
    const { size } = await file.stat();
    const start = Math.min(from ?? Math.max(0, size - mostBytes), size);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(mostBytes, size - start)), { position: start });
    const isLast = start + bytesRead >= size;
    const newline = buffer.lastIndexOf(10, bytesRead - 1);
    // what a program that was killed wrote last may have no end; a line longer than all of this is cut
    const takes = (isLast && hasEnded) || (newline < 0 && !isLast) ? bytesRead : newline + 1;
    const skipped = from === undefined && start > 0 ? `(${start} bytes before this are not shown)\n` : "";
    const text = skipped + showLog(buffer.toString("utf8", 0, takes));
    return { text, next: start + takes, ended: hasEnded && start + takes >= size };
  } finally {
    await file.close();
  }
}

const commands = /^(\d\d:\d\d:\d\d )##\[(group|error|warning|notice|debug|command)\]/;

/** Times of day for instants, words for the marks of groups and messages, no colours and no control characters. */
function showLog(text: string): string {
  return text
    .split("\n")
    .map((line) =>
      // oxlint-disable-next-line no-control-regex -- colours and other controls of terminals are taken out
      line.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, ""),
    )
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)\.\d+Z /, "$1 "))
    .filter((line) => !line.endsWith("##[endgroup]"))
    .map((line) =>
      line.replace(commands, (_, time: string, word: string) => `${time}${word === "group" ? "▸" : `${word}:`} `),
    )
    .join("\n");
}
