import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** The log of one job: a file of lines with their instants, in which every masked value reads `***`. */
export type JobLog = {
  line(text: string): void;
  /** From now on this value never appears; each of its lines counts by itself. */
  mask(value: string): void;
  masked(text: string): string;
  /** Whether a text holds a masked value. */
  holdsSecret(text: string): boolean;
  close(): Promise<void>;
};

/** Writes to `path`; what goes beyond `limitBytes` is dropped with one line that says so. */
export function openJobLog(path: string, now: () => Date, limitBytes: number): JobLog {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path);
  const secrets = new Set<string>();
  let expression: RegExp | undefined;
  let size = 0;
  let full = false;
  const masked = (text: string): string => (expression === undefined ? text : text.replace(expression, "***"));
  return {
    masked,
    holdsSecret: (text) => masked(text) !== text,
    mask(value) {
      const before = secrets.size;
      for (const line of value.split(/\r?\n/)) addForms(secrets, line.trim());
      if (secrets.size === before) return;
      const longestFirst = [...secrets].toSorted((a, b) => b.length - a.length);
      expression = new RegExp(longestFirst.map((text) => escape(text)).join("|"), "g");
    },
    line(text) {
      if (full) return;
      const stamped = `${now().toISOString().replace("Z", "0000Z")} ${masked(text)}\n`;
      size += Buffer.byteLength(stamped);
      full = size > limitBytes;
      file.write(full ? `The log is cut here: it is longer than ${limitBytes} bytes\n` : stamped);
    },
    close: () =>
      new Promise((resolve, reject) => {
        file.once("error", reject);
        file.end(resolve);
      }),
  };
}

/** A secret may be shown encoded, so the usual encodings are masked with it. */
function addForms(secrets: Set<string>, value: string): void {
  if (value === "") return;
  secrets.add(value);
  if (value.length < 4) return;
  const json = JSON.stringify(value).slice(1, -1);
  for (const form of [json, encodeURIComponent(toWellFormed(value))]) secrets.add(form);
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.from(value.slice(shift)).toString("base64").replace(/=+$/, "");
    if (encoded.length > 4) secrets.add(encoded.slice(0, -1));
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function toWellFormed(text: string): string {
  return text.toWellFormed();
}
