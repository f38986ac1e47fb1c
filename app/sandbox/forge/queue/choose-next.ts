import type { QueueParameters } from "#sandbox/forge/rules/ruleset.ts";

type State = "passed" | "pending" | "failed" | "late";
export type Next = { kind: "wait" } | { kind: "merge"; count: number } | { kind: "drop"; index: number };

/**
 * What a merge queue does next, by what the checks say of each entry's group, first in the queue first. With ALLGREEN
 * every entry must be green itself, with HEADGREEN the last one that is merged speaks for those ahead of it.
 */
export function chooseNext(states: readonly State[], queue: QueueParameters, waitedMinutes: number): Next {
  const most = queue.max_entries_to_merge || states.length;
  const window = states.slice(0, most);
  const red = states.findIndex((state) => state === "failed" || state === "late");
  const firstNotGreen = window.findIndex((state) => state !== "passed");
  const ready =
    queue.grouping_strategy === "ALLGREEN"
      ? firstNotGreen < 0
        ? window.length
        : firstNotGreen
      : window.lastIndexOf("passed") + 1;
  const isEnough =
    ready >= queue.min_entries_to_merge || waitedMinutes >= queue.min_entries_to_merge_wait_minutes || ready === most;
  if (ready > 0 && isEnough) return { kind: "merge", count: ready };
  if (queue.grouping_strategy === "ALLGREEN") return red < 0 ? { kind: "wait" } : { kind: "drop", index: red };
  // whoever is red may still be saved by one behind it
  const isLost = red === 0 && ready === 0 && !window.includes("pending");
  return isLost ? { kind: "drop", index: 0 } : { kind: "wait" };
}
