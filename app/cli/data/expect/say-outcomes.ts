import type { ExpectationOutcome } from "#core/evidence.ts";
import { isBlocking } from "#core/expect/judge-expectation.ts";
import { sayShare } from "#core/expect/name-expectation.ts";
import { plainLine } from "#core/message/escape.ts";
import { formatCount, formatUnits } from "#core/message/format.ts";

/**
 * What came of every expectation, a line each: what fails, what warns, what could not be checked; what holds only where
 * `all` asks for it; and last how many of each there are.
 */
export function sayOutcomes(outcomes: readonly ExpectationOutcome[], all: boolean): string {
  const shown = outcomes.filter(({ kind }) => all || kind !== "pass").toSorted((a, b) => rank(a) - rank(b));
  // one broken file or one renamed column is one error, whatever was expected of it
  const errors = Map.groupBy(
    shown.filter(({ kind }) => kind === "error"),
    ({ because }) => because,
  );
  let text = "";
  for (const outcome of shown) {
    const { kind, level, expectation, because } = outcome;
    const mark = kind !== "pass" && level === "warn" ? "warn " : kind.padEnd(5);
    const same = errors.get(because) ?? [];
    if (kind === "error" && same[0] !== outcome) continue;
    const about = kind === "error" && same.length === 1 ? `${expectation}: ` : "";
    text += `${mark} ${plainLine(`${about}${because}`, 2_000)}\n`;
    if (kind !== "pass") for (const line of sayDetails(outcome)) text += `        ${plainLine(line, 300)}\n`;
  }
  return `${text}${sayCounts(outcomes)}\n`;
}

function rank(outcome: ExpectationOutcome): number {
  if (outcome.kind === "pass") return 3;
  return outcome.kind === "error" ? 2 : isBlocking(outcome) ? 0 : 1;
}

function sayDetails({ examples, values, of }: ExpectationOutcome): readonly string[] {
  const often = (values ?? []).filter(({ count }) => count > 1);
  const list = often.map(
    ({ value, count }) => `${value} × ${formatCount(count)}${of === null ? "" : ` (${sayShare(count / of)})`}`,
  );
  return [...(often.length === 0 ? [] : [`values: ${list.join(", ")}`]), ...examples.slice(1)];
}

function sayCounts(outcomes: readonly ExpectationOutcome[]): string {
  const [failing = 0, warning = 0, broken = 0, held = 0] = [0, 1, 2, 3].map(
    (wanted) => outcomes.filter((outcome) => rank(outcome) === wanted).length,
  );
  if (held === outcomes.length)
    return held === 1 ? "The expectation holds" : `All ${formatUnits(held, "expectation")} hold`;
  const verb = (count: number, one: string, many: string): string =>
    count === 0 ? "" : `${formatCount(count)} ${count === 1 ? one : many}`;
  const parts = [
    verb(failing, "fails", "fail"),
    verb(warning, "warns", "warn"),
    verb(broken, "could not be checked", "could not be checked"),
    verb(held, "holds", "hold"),
  ];
  return `Of ${formatUnits(outcomes.length, "expectation")} ${parts.filter((part) => part !== "").join(", ")}`;
}
