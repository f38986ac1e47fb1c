import type { MetricComparison } from "#core/evidence.ts";
import { escapeCell, escapeProse } from "#core/message/escape.ts";
import { formatUnits } from "#core/message/format.ts";
import type { ModelReport } from "#core/message/report-input.ts";
import { sayMetricName } from "./comparison-table.ts";
import { lightOf } from "./verdict-light.ts";

/** The answer for one model in one line of Markdown, without the heading's `###`. Decides rightly when read alone. */
export function sayHeadline(model: ModelReport, among = 1): string {
  const notes = sayNotes(model);
  const ending = notes.length === 0 ? "" : `. Note: ${notes.join("; ")}`;
  const others = among > 1 ? `, the worst of ${formatUnits(among, "model")}` : "";
  return `${lightOf(model.verdict)} ${escapeProse(model.name, 100)}${others}: ${sayAnswer(model)}${ending}`;
}

/** The answer itself: "better than production v1.4.0. Merging ships it as v1.5.0 to `production`". */
export function sayAnswer(model: ModelReport): string {
  const { verdict } = model;
  const because = escapeProse(verdict.because, 400);
  const accepted = verdict.kind === "pending" ? undefined : verdict.accepted;
  if (accepted !== undefined) return sayAccepted(model, accepted);
  switch (verdict.kind) {
    case "pass":
      return `${sayStanding(model)}. ${sayShipping(model)}`;
    case "first":
      return verdict.green
        ? `the first model, and every gate for it holds. ${sayShipping(model)}`
        : `a first model: ${because}. ${sayAcceptance(model, "To")}`;
    case "not_affected":
      return "not affected";
    case "settings":
      return `${because}. Merging moves nothing`;
    case "return":
      return `${because}. Merging brings it back to ${stage(model)}, with no training`;
    case "inconclusive":
      return `not decided: ${because}. ${sayAcceptance(model, "Add data, or")}`;
    case "retired":
      return `${because}. ${sayAcceptance(model, "To")}`;
    case "untrained":
      return `not trained yet: ${because}`;
    case "stale":
      return verdict.green ? `out of date, and may be queued: ${because}` : `out of date: ${because}`;
    case "fail":
      return `refused: ${because}`;
    case "error":
      return `could not be judged: ${because}`;
    case "pending":
      return `${because}…`;
  }
}

/** The word that takes it as it is, and what merging does without one. */
function sayAcceptance(model: ModelReport, begin: string): string {
  if (model.informational === true) return sayShipping(model);
  const word = `/accept ${model.name} ${model.evidence?.slice(0, 12) ?? ""}`.trim();
  const still = model.verdict.kind === "retired" ? "its stages stay" : "nothing ships";
  return `${begin} take it as it is: ${escapeCell(word, 140)}. Merged without that word, ${still} until somebody says \`/promote\``;
}

function sayAccepted(model: ModelReport, { by, why }: { by: string; why: string }): string {
  const reason = why === "" ? "" : ` (${escapeProse(why, 200)})`;
  const { kind, because } = model.verdict;
  const what = kind === "inconclusive" ? ", not decided" : kind === "first" ? ", a first model" : "";
  const said = kind === "retired" ? `: ${escapeProse(because, 400)}` : "";
  const merging = kind === "retired" ? "Merging takes it from its stages" : sayShipping(model);
  return `accepted by ${escapeCell(by, 60)}${reason}${what}${said}. ${merging}`;
}

function sayShipping(model: ModelReport): string {
  if (model.informational === true) return "Merging ships nothing until somebody says `/promote`";
  if (model.fork === true)
    return "Merging trains it again, and nothing ships until somebody says `/promote`: it comes from a fork";
  const as = model.next === undefined ? "" : ` as ${escapeProse(model.next, 40)}`;
  if (model.pinned !== undefined)
    return `Merging registers it${as} and moves nothing: ${escapeProse(model.pinned, 40)} is pinned`;
  return `Merging ships it${as} to ${stage(model)}`;
}

const stage = (model: ModelReport): string => escapeCell(model.stage, 60);

/** Better, worse or neither, by the intervals: a difference that is not decided is not called one. */
function sayStanding(model: ModelReport): string {
  const production = `production ${escapeProse(model.production ?? "", 40)}`.trim();
  const metrics = model.comparison?.metrics ?? [];
  const better = metrics.filter((metric) => directionOf(metric) === "better");
  const worse = metrics.filter((metric) => directionOf(metric) === "worse");
  if (metrics.every(({ versusProduction }) => versusProduction === null)) return "every gate holds";
  if (better.length > 0 && worse.length === 0) return `better than ${production}`;
  if (better.length === 0 && worse.length > 0) return `worse than ${production}, by less than the gates allow`;
  if (better.length > 0)
    return `better than ${production} in ${names(better)}, worse in ${names(worse)}, and every gate holds`;
  return `no measurable difference to ${production}, and every gate holds`;
}

const names = (metrics: readonly MetricComparison[]): string =>
  `${metrics
    .slice(0, 3)
    .map(({ name }) => sayMetricName(name))
    .join(", ")}${metrics.length > 3 ? " and others" : ""}`;

/** Which way the whole interval lies; undefined where it holds 0 or was not measured. */
export function directionOf(metric: MetricComparison): "better" | "worse" | undefined {
  const { low, high } = metric.versusProduction ?? { low: null, high: null };
  if (low === null || high === null) return undefined;
  if (low > 0) return metric.better === "higher" ? "better" : "worse";
  if (high < 0) return metric.better === "higher" ? "worse" : "better";
  return undefined;
}

/** What a reviewer must know besides the verdict, and before the numbers. */
export function sayNotes(model: ModelReport): readonly string[] {
  const notes: string[] = [];
  if (model.pinned !== undefined && model.verdict.kind !== "pending" && !model.verdict.green)
    notes.push(`nothing would move in any case: ${escapeProse(model.pinned, 40)} is pinned`);
  if (model.waiting !== undefined) notes.push("merging ships something else besides, see below");
  const { evaluation, gates, promotion } = model.changes;
  const changed = [evaluation ? "evaluation" : "", gates ? "gates" : "", promotion ? "promotion" : ""].filter(
    (name) => name !== "",
  );
  if (changed.length > 0) notes.push(`it changes the ${changed.join(" and the ")}`);
  const missed = (model.proposedGates ?? []).filter(({ kind }) => kind !== "pass").length;
  if (missed > 0) notes.push(`production does not pass ${formatUnits(missed, "gate")} that it proposes`);
  if (model.changedHoldout.length > 0)
    notes.push(`it changes ${formatUnits(model.changedHoldout.length, "holdout file")}`);
  return notes;
}
