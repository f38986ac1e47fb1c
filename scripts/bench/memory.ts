import { say } from "./figure.ts";
import type { Bench } from "./open-bench.ts";
import type { Webhook } from "./start-relay.ts";

const mib = 1024 * 1024;
const identical = 2_000;
/** What an engine keeps of code it has compiled and connections that stay open. */
const mostGrowthMiB = 4;

export type Memory = {
  rssMiB: { start: number; after200Events: number; afterIdentical: number };
  heapMiB: { before: number; after: number; growth: number };
  problems: readonly string[];
};

/** How much memory the app's process takes, and whether it grows by what it has seen before. */
export async function benchMemory(bench: Bench, startRssBytes: number): Promise<Memory> {
  const seen = bench.relay.webhooks.filter(({ event }) => event !== "installation");
  // two hundred of all kinds, as they came
  await sendAll(
    bench,
    Array.from({ length: 200 }, (_, index) => seen[index % seen.length]),
  );
  const after200 = await bench.app.memory();
  const one = bench.relay.webhooks.findLast(({ event, action }) => event === "pull_request" && action === "opened");
  await sendAll(
    bench,
    Array.from({ length: identical / 10 }, () => one),
  );
  const before = await bench.app.memory();
  await sendAll(
    bench,
    Array.from({ length: identical }, () => one),
  );
  const after = await bench.app.memory();
  const growth = (after.heapBytes - before.heapBytes) / mib;
  say(`heap after ${identical} identical webhooks: ${growth >= 0 ? "+" : ""}${growth.toFixed(2)} MiB`);
  const problems =
    growth > mostGrowthMiB
      ? [`The app's heap grows by ${growth.toFixed(1)} MiB over ${identical} identical webhooks`]
      : [];
  return {
    rssMiB: {
      start: startRssBytes / mib,
      after200Events: after200.rssBytes / mib,
      afterIdentical: after.rssBytes / mib,
    },
    heapMiB: { before: before.heapBytes / mib, after: after.heapBytes / mib, growth },
    problems,
  };
}

/** Twenty at once, until all that came of them is done: what is still to be done is no growth. */
async function sendAll({ relay, app }: Bench, webhooks: readonly (Webhook | undefined)[]): Promise<void> {
  for (let at = 0; at < webhooks.length; at += 20) {
    const some = webhooks.slice(at, at + 20).filter((webhook) => webhook !== undefined);
    await Promise.all(some.map(async (webhook) => await relay.send(webhook)));
    await app.idle();
  }
}
