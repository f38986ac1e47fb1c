import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { Socket } from "node:net";

/** Whether the running child and its pipes keep our event loop alive. */
export function holdChild(child: ChildProcessWithoutNullStreams, held: boolean): void {
  const act = held ? "ref" : "unref";
  child[act]();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream instanceof Socket) stream[act]();
  }
}
