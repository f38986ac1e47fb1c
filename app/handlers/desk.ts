import { createOpenPorts, type OpenPorts } from "./app-ports.ts";
import { createQueue, type Queue } from "./work/queue.ts";
import { createUnaffected, type Unaffected } from "./unaffected.ts";

/** What the handlers of one app share: the queue of work, and what this process remembers. */
export type Desk = { queue: Queue; openPorts: OpenPorts; unaffected: Unaffected };

export function createDesk(queue: Queue = createQueue()): Desk {
  return { queue, openPorts: createOpenPorts(), unaffected: createUnaffected() };
}
