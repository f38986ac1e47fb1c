import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Checkpoints } from "./checkpoints.ts";
import { checkpointLimits, takeSnapshot } from "./take-snapshot.ts";

/** GitHub takes 500 artifacts of a job: so many checkpoints come as asked for, and so many in the time that is left. */
const freely = 50;
const mostLater = 400;

export type Keeper = {
  /** Takes no more of them; returns when the one that is on its way is done. */
  stop(): Promise<void>;
  /** Stops, and keeps what is there now, if it is new. */
  last(): Promise<void>;
};

/**
 * Keeps what lies in a folder every so often until it is stopped: one after the other, and only if something has changed.
 * Whatever goes wrong is said, and costs nothing else.
 */
export function keepCheckpoints(order: {
  folder: string;
  /** an empty folder of ours */
  scratch: string;
  everyMs: number;
  timeoutMs: number;
  checkpoints: Checkpoints;
  say: (line: string) => void;
}): Keeper {
  const laterMs = Math.max(order.everyMs, Math.ceil(order.timeoutMs / mostLater));
  let before: string | undefined;
  let count = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  const keep = async (): Promise<void> => {
    count += 1;
    const to = join(order.scratch, String(count));
    try {
      const taken = await takeSnapshot(order.folder, to, { limits: checkpointLimits, before });
      if (taken.kind === "none") order.say(`No checkpoint was kept: ${taken.because}`);
      if (taken.kind !== "snapshot") return;
      await order.checkpoints.keep(taken.snapshot);
      before = taken.snapshot.looks;
    } catch (error) {
      order.say(`A checkpoint could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      rmSync(to, { recursive: true, force: true });
    }
  };
  const wait = (): void => {
    const everyMs = count < freely ? order.everyMs : laterMs;
    timer = setTimeout(
      () => {
        work = keep().then(() => {
          if (!stopped) wait();
        });
      },
      Math.min(everyMs, 2 ** 31 - 1),
    );
    timer.unref();
  };
  wait();
  const stop = async (): Promise<void> => {
    stopped = true;
    clearTimeout(timer);
    await work;
  };
  return {
    stop,
    async last() {
      await stop();
      await keep();
    },
  };
}
