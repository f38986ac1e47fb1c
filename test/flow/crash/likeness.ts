import type { State } from "../local/world-state.ts";

/**
 * A state in a form in which two are alike if nobody who looks at the repository could do anything else with them. Numbers
 * that the service gives may differ; of two checks on one commit the newest counts; an issue that was doubled and closed
 * is no harm; what was started by hand twice is done twice, as whoever started it may have ended before it could say so.
 */
export function likeness({ conversation, ...rest }: State): string {
  const { pulls, checks, comments, issues, dispatches, reruns } = conversation;
  const open = issues.filter(({ state }) => state === "open");
  const closed = new Set(issues.filter(({ state }) => state === "closed").map(({ title }) => title));
  const started = new Set(dispatches.map((inputs) => JSON.stringify(inputs)));
  const alike = {
    ...rest,
    pulls,
    checks: Object.fromEntries(checks.map(({ head, check }) => [head, check])),
    comments,
    issues: open,
    closed: [...closed].filter((title) => !open.some((issue) => issue.title === title)),
    started: [...started],
    reruns: [...new Set(reruns)],
  };
  return JSON.stringify(alike, undefined, 1)
    .replaceAll(/(?<=\\"body\\":\\")[0-9a-f]{64}/g, "…")
    .replaceAll(/(?<=#|"run:|\bnumber ")1\d\d\b/g, "…");
}

/** Where two likenesses differ, in few words; "" where they do not. */
export function tellDifference(is: string, wanted: string): string {
  const [there, should] = [is.split("\n"), wanted.split("\n")];
  const short = (line: string): string => line.trim().slice(0, 400);
  const more = there.filter((line) => !should.includes(line)).map((line) => `has    ${short(line)}`);
  const less = should.filter((line) => !there.includes(line)).map((line) => `lacks  ${short(line)}`);
  const counts = there.length === should.length || more.length + less.length > 0 ? [] : ["has lines twice, or once"];
  return [...more, ...less, ...counts].join("\n");
}
