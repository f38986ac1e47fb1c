import { expect, it } from "vitest";
import { judgeAlarm } from "#core/watch/judge-alarm.ts";
import { countNights, type Night } from "#core/watch/night.ts";

const day = 86_400_000;

/**
 * Nights in letters: q quiet, v violated, l violated with its lead lost, e an error, n not enough data; "|" is a new
 * version, and "+" makes the next one follow within the same period.
 */
function nightsOf(text: string): readonly Night[] {
  let [at, version] = [Date.parse("2026-05-01T00:00:00Z"), 1];
  const nights: Night[] = [];
  for (const letter of text) {
    if (letter === "|") version += 1;
    else if (letter === "+") at -= 0.7 * day;
    else {
      nights.push({
        at: new Date(at).toISOString(),
        run: nights.length,
        version: `v1.${version}.0`,
        verdict: letter === "q" ? "quiet" : letter === "e" ? "error" : letter === "n" ? "not-enough-data" : "drift",
        lead: letter === "l" ? { now: 0, atPromotion: 1, drifted: true } : null,
        columns: [],
      });
      at += day;
    }
  }
  return nights;
}

it.for([
  ["", "quiet"],
  ["qqq", "quiet"],
  ["v", "hint"],
  ["vq", "quiet"],
  ["vv", "alarm"],
  ["vqv", "alarm"],
  ["vqqqv", "alarm"],
  ["vqqqqv", "hint"],
  ["veeeeeev", "alarm"],
  ["vnq", "quiet"],
  ["l", "alarm"],
  ["lq", "alarm"],
  ["lqq", "quiet"],
  ["vvq", "alarm"],
  ["vvqv", "alarm"],
  ["vvqeq", "quiet"],
  ["vvqqv", "hint"],
  ["vvqqvv", "alarm"],
  ["v|v", "hint"],
  ["vv|q", "quiet"],
  ["vv|v", "alarm"],
  ["vv|vq", "quiet"],
  ["vv|vvq", "alarm"],
  ["vv|e", "alarm"],
  ["v+v", "hint"],
  ["v+vv", "alarm"],
  ["v+q", "quiet"],
  ["v+e", "hint"],
] as const)("nights %s are %s by 2 of 5", ([text, kind]) => {
  expect(judgeAlarm(countNights(nightsOf(text), day), { after: 2, of: 5 }).kind).toBe(kind);
});

it("says since when, how often, and what has come to it", () => {
  const nights = nightsOf("qvqvvv");
  const drifting = (night: number, ...columns: string[]): Night => ({
    ...(nights[night] ?? nights[0]!),
    columns: columns.map((column) => ({ column, ratio: 2, drifted: true })),
  });
  const told = [
    nights[0]!,
    drifting(1, "a"),
    nights[2]!,
    drifting(3, "a"),
    drifting(4, "a", "b"),
    drifting(5, "b", "c"),
  ];
  expect(judgeAlarm(countNights(told, day), { after: 2, of: 5 })).toMatchObject({
    kind: "alarm",
    since: "2026-05-02T00:00:00.000Z",
    raisedAt: "2026-05-04T00:00:00.000Z",
    violated: 4,
    of: 5,
    worse: { at: "2026-05-06T00:00:00.000Z", columns: ["b", "c"] },
  });
});

it("comes to the same whatever the order, and however often a night is told", () => {
  const nights = nightsOf("qvvqv");
  const shuffled = [...nights.toReversed(), ...nights];
  expect(judgeAlarm(countNights(shuffled, day), { after: 2, of: 5 })).toEqual(
    judgeAlarm(countNights(nights, day), { after: 2, of: 5 }),
  );
});
