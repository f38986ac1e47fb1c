import type { ConfigProblem } from "#core/config/config.ts";
import { escapeCell, escapeProse } from "#core/message/escape.ts";
import type { Part } from "#core/message/fit-budget.ts";
import { formatCount, formatUnits } from "#core/message/format.ts";
import type { ReportInput } from "#core/message/report-input.ts";
import { bullets } from "./details.ts";

type Problem = NonNullable<ReportInput["problem"]>;

/** Why a pull request could not be looked at model by model: nothing was judged, so nothing is green. */
export function describeProblem(problem: Problem): { headline: string; parts: readonly Part[] } {
  if (problem.kind === "config") {
    const count = formatUnits(problem.problems.length, "mistake");
    const versions = [100, 20, 5].map((max) => renderProblems(problem.problems, max));
    return {
      headline: `🔴 The config cannot be read: ${count} in ${escapeCell(".github/trainyard.yml")}`,
      parts: [{ name: "mistakes", priority: 90, versions }],
    };
  }
  const because = escapeProse(problem.because, 400);
  if (problem.kind === "conflict") return { headline: `🔴 Cannot be merged: ${because}`, parts: [] };
  if (problem.kind === "stale") {
    const light = problem.queued === true ? "🟢 Out of date, and may be queued" : "🟡 Out of date";
    return { headline: `${light}: ${because}`, parts: [] };
  }
  return { headline: `⚪ Not judged: ${because}`, parts: [] };
}

/** Every mistake of a config: line, place, what is wrong and what would be right. */
export function renderProblems(problems: readonly ConfigProblem[], max: number): string {
  if (problems.length === 0) return "";
  return bullets(
    problems.map(
      ({ path, line, message }) =>
        `Line ${formatCount(line)}, ${escapeCell(path === "" ? "the file" : path)}: ${escapeProse(message, 500)}`,
    ),
    max,
  );
}
