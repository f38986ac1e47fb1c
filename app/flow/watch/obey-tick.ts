import type { Ports } from "#core/ports.ts";
import { readTick } from "#core/watch/snooze.ts";
import { keepSnooze } from "./keep-snooze.ts";
import { readWatched } from "./read-watched.ts";
import { driftLabel, findTold, tellWatch } from "./tell-watch.ts";

/**
 * Somebody edited a drift issue: a box that they ticked is their word, if they may write. The box is cleared either way,
 * and whatever else they wrote over our text is brought back.
 */
export async function obeyTick(ports: Ports, number: number, by: string): Promise<void> {
  const issue = (await ports.issues.own(driftLabel)).find((one) => one.number === number);
  const time = readTick(issue?.body ?? "");
  const name = await findTold(ports, number);
  if (time === undefined || name === undefined) return;
  if (await ports.people.mayWrite(by)) await keepSnooze(ports, { model: name, time, by, at: ports.now() });
  const model = (await readWatched(ports)).find((one) => one.name === name);
  if (model !== undefined) await tellWatch(ports, model, { ticksAreRead: true });
}
