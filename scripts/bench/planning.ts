import { createHash } from "node:crypto";
import { planLoop } from "#flow/plan/plan-loop.ts";
import { makeBigRepository } from "../big-repository.ts";
import { say, type Rated } from "./figure.ts";

const size = { files: 20_000, models: 50 };
const limit = { milliseconds: 2_000, ratio: 120 };
const rounds = 5;

export type Planning = { yardstickMs: number; figures: readonly Rated[]; problems: readonly string[] };

/**
 * How long a planning takes where a repository is large: 20,000 files and 50 models. The yardstick is to sort and hash
 * the paths once.
 */
export async function benchPlanning(): Promise<Planning> {
  const yardstickMs = await measure(() => {
    const { base } = makeBigRepository({ ...size, shared: false });
    return async () => {
      const rows = [...base.values()].map((entry) => JSON.stringify([entry.path, entry.mode, entry.blob]));
      await Promise.resolve(createHash("sha256").update(rows.toSorted().join()).digest("hex"));
    };
  });
  say(`sorting and hashing ${size.files} paths: ${yardstickMs.toFixed(1)} ms`);
  const figures: Rated[] = [];
  const problems: string[] = [];
  for (const shared of [false, true]) {
    const name = `planning where ${shared ? `all ${size.models} models change` : "one model changes"}`;
    const milliseconds = await measure(() => {
      const { ports } = makeBigRepository({ ...size, shared });
      return async () => await planLoop(ports, { kind: "pull", number: 1 }, undefined);
    });
    const ratio = milliseconds / yardstickMs;
    figures.push({ name, milliseconds, ratio, rounds });
    if (milliseconds > limit.milliseconds && ratio > limit.ratio)
      problems.push(`${name} takes ${milliseconds.toFixed(0)} ms, ${ratio.toFixed(1)} times the yardstick: too slow`);
  }
  return { yardstickMs, figures, problems };
}

/** The fastest of some rounds, each on data of its own: nothing that one remembered helps the next. */
async function measure(prepare: () => () => Promise<unknown>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const work = prepare();
    const started = performance.now();
    await work();
    fastest = Math.min(fastest, performance.now() - started);
  }
  return fastest;
}
