// How long a planning takes where a repository is large: 20,000 files and 50 models. Told in milliseconds, and as a ratio
// to sorting and hashing the paths once on the same machine, which travels from machine to machine.
import { createHash } from "node:crypto";
import { planLoop } from "#flow/plan/plan-loop.ts";
import { makeBigRepository } from "./big-repository.ts";

const size = { files: 20_000, models: 50 };
const limit = { milliseconds: 2_000, ratio: 120 };
const rounds = 5;

const yardstick = await measure(() => {
  const { base } = makeBigRepository({ ...size, shared: false });
  return () => {
    const rows = [...base.values()].map((entry) => JSON.stringify([entry.path, entry.mode, entry.blob]));
    createHash("sha256").update(rows.toSorted().join()).digest("hex");
  };
});
process.stdout.write(`sorting and hashing ${size.files} paths: ${yardstick.toFixed(1)} ms\n`);

let tooSlow = false;
for (const shared of [false, true]) {
  const milliseconds = await measure(() => {
    const { ports } = makeBigRepository({ ...size, shared });
    return async () => await planLoop(ports, { kind: "pull", number: 1 }, undefined);
  });
  const ratio = milliseconds / yardstick;
  const slow = milliseconds > limit.milliseconds && ratio > limit.ratio;
  tooSlow ||= slow;
  const what = shared ? `all ${size.models} models change` : "one model changes";
  process.stdout.write(
    `planning where ${what}: ${milliseconds.toFixed(0)} ms, ${ratio.toFixed(1)} times that${slow ? ": too slow" : ""}\n`,
  );
}
process.exitCode = tooSlow ? 1 : 0;

/** The fastest of some rounds, each on data of its own: nothing that one remembered helps the next. */
async function measure(prepare) {
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const work = prepare();
    const started = performance.now();
    await work();
    fastest = Math.min(fastest, performance.now() - started);
  }
  return fastest;
}
