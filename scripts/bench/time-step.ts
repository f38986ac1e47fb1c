import { median, say, type Figure } from "./figure.ts";
import type { Bench, TimedRequest } from "./open-bench.ts";

export type Step = {
  name: string;
  /** what comes first in each round and is not measured */
  prepare?: (round: number) => Promise<void>;
  /** what is measured; everything that comes of it is done when it returns */
  play: (round: number) => Promise<unknown>;
  /** the webhook with which the time begins: "pull_request.opened", "push" */
  from: string;
  /** the request with which it ends, the last of those that fit; default: the last of all */
  until?: (request: TimedRequest) => boolean;
  /** whose requests count */
  by: "app" | "all";
};

/** Plays a step several times. Throws where it did not begin or end as it should. */
export async function timeStep(bench: Bench, rounds: number, step: Step): Promise<Figure> {
  const each: { milliseconds: number; requests: number; writes: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    await step.prepare?.(round);
    const [told, asked] = [bench.relay.webhooks.length, bench.requests()];
    await step.play(round);
    const begin = bench.relay.webhooks.slice(told).find(({ event, action }) => isNamed(step.from, event, action));
    const requests = bench.requestsSince(asked).filter(({ actor }) => step.by === "all" || actor === "trainyard[bot]");
    const end = requests.findLast((request) => step.until?.(request) ?? true);
    if (begin === undefined || end === undefined)
      throw new Error(
        `Cannot time "${step.name}": ${begin === undefined ? `no webhook "${step.from}"` : "no request"} came`,
      );
    each.push({
      milliseconds: end.endedMs - begin.atMs,
      requests: requests.length,
      writes: requests.filter(({ write }) => write).length,
    });
  }
  const milliseconds = median(each.map((one) => one.milliseconds));
  const requests = median(each.map((one) => one.requests));
  const writes = median(each.map((one) => one.writes));
  say(`${step.name}: ${each.map((one) => `${one.milliseconds.toFixed(0)} ms, ${one.requests} requests`).join("; ")}`);
  return { name: step.name, milliseconds, rounds, requests, writes, each };
}

function isNamed(name: string, event: string, action: string): boolean {
  return name === event || name === `${event}.${action}`;
}
