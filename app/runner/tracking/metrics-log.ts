import { closeSync, openSync, readSync } from "node:fs";
import { kindOf } from "#runner/model-files.ts";

export type Series = Record<string, [step: number, value: number | null][]>;

const mostPoints = 1_000;
const mostNames = 1_000;
const mostBytes = 256 * 1024 * 1024;
const longestLine = 1 << 20;

/**
 * Reads a training's `metrics.jsonl`: one JSON object a line, every number in it a point of a series, at `step` or at the
 * line's own number; NaN and infinities are points that were not measured. Thinned evenly to 1,000 points a name.
 * Attacker-controlled, so nothing in it is an error: `notes` say what was left out. No file, no series.
 */
export function readMetricsLog(file: string): { series: Series; notes: string[] } {
  if (kindOf(file) !== "file") return { series: {}, notes: [] };
  const log = new MetricsLog();
  const handle = openSync(file, "r");
  try {
    const piece = Buffer.alloc(1 << 20);
    let rest = "";
    let seen = 0;
    for (let read = readSync(handle, piece); read > 0 && seen < mostBytes; read = readSync(handle, piece)) {
      seen += read;
      // latin1 keeps every byte: a character may be cut through here, and is put together line by line
      const lines = (rest + piece.subarray(0, read).toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) log.add(line);
      if (rest.length > longestLine) rest = rest.slice(0, longestLine + 1);
    }
    log.add(rest);
    return log.finish(seen >= mostBytes);
  } finally {
    closeSync(handle);
  }
}

class MetricsLog {
  readonly #series = new Map<string, Thinned>();
  #lines = 0;
  #unreadable = 0;
  #tooMany = 0;

  add(latin1: string): void {
    if (latin1.trim() === "") return;
    const step = this.#lines;
    this.#lines += 1;
    const point = latin1.length > longestLine ? undefined : readPoint(Buffer.from(latin1, "latin1").toString("utf8"));
    if (point === undefined) {
      this.#unreadable += 1;
      return;
    }
    const at = typeof point["step"] === "number" && Number.isFinite(point["step"]) ? point["step"] : step;
    for (const [name, value] of Object.entries(point)) {
      if (name === "step" || name === "" || name.length > 200 || (typeof value !== "number" && value !== null))
        continue;
      const series = this.#series.get(name) ?? new Thinned();
      if (this.#series.size >= mostNames && !this.#series.has(name)) this.#tooMany += 1;
      else this.#series.set(name, series);
      series.add([at, value === null || !Number.isFinite(value) ? null : value]);
    }
  }

  finish(cut: boolean): { series: Series; notes: string[] } {
    const notes: string[] = [];
    if (this.#unreadable > 0)
      notes.push(`metrics.jsonl: ${this.#unreadable} of ${this.#lines} lines are no JSON objects and were left out`);
    if (this.#tooMany > 0)
      notes.push(`metrics.jsonl: more than ${mostNames} names, ${this.#tooMany} points of further ones were left out`);
    if (cut) notes.push(`metrics.jsonl: only its first ${mostBytes / 2 ** 20} MiB were read`);
    return { series: Object.fromEntries([...this.#series].map(([name, series]) => [name, series.points()])), notes };
  }
}

/** Keeps every n-th point, and doubles n whenever too many are kept; the last point is always kept. */
class Thinned {
  #kept: [number, number | null][] = [];
  #stride = 1;
  #seen = 0;
  #last: [number, number | null] | undefined;

  add(point: [number, number | null]): void {
    this.#last = point;
    if (this.#seen % this.#stride === 0) this.#kept.push(point);
    this.#seen += 1;
    if (this.#kept.length < mostPoints) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  points(): [number, number | null][] {
    const end = this.#last;
    return end === undefined || this.#kept.at(-1) === end ? this.#kept : [...this.#kept, end];
  }
}

function readPoint(line: string): Record<string, unknown> | undefined {
  for (const text of [line, line.replaceAll(/([:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,}\]])/g, "$1null")]) {
    try {
      const value: unknown = JSON.parse(text);
      return isObject(value) ? value : undefined;
    } catch {
      // Python writes NaN where JSON has no word for it: the second text is without.
    }
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
