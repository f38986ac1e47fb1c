import { markdownTable } from "markdown-table";
import type { Comparison, DataReport, ExpectationOutcome } from "#core/evidence.ts";
import { isBlocking } from "#core/expect/judge-expectation.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import { codeBlock, escapeCell, escapeProse, tail } from "#core/message/escape.ts";
import { decimalsOf, formatCount, formatDuration, formatNumber } from "#core/message/format.ts";
import { sayDifference, sayMetric } from "./comparison-table.ts";
import { sayDataChange } from "./data-change.ts";
import { bullets, fold } from "./details.ts";
import { sayLeakage } from "./say-diff.ts";
import type { ModelReport } from "#core/message/report-input.ts";

const failedWhile: Readonly<Record<Failure["phase"], string>> = {
  materialise: "writing the declared inputs",
  setup: "set-up",
  train: "training",
  predict: "predicting",
  data: "checking the data",
  evaluate: "evaluating",
  watch: "fetching current data",
  retrain: "refreshing the training data",
};

/** Each failure as a sentence and the end of its log; `logCharacters` 0 leaves the logs out. */
export function renderFailures(failures: readonly Failure[], logCharacters: number, max = 20): string {
  const shown = failures.slice(0, max).map((failure) => {
    const log =
      failure.log.trim() === "" || logCharacters === 0 ? "" : `\n\n${codeBlock(tail(failure.log, logCharacters))}`;
    return `**Failed while ${failedWhile[failure.phase]}** (${escapeCell(failure.task, 60)}): ${escapeProse(failure.message)}${log}`;
  });
  const more = failures.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${formatCount(more)} more failures`] : [])].join("\n\n");
}

/** What must be said before the numbers: what else ships, what was changed or dropped of the holdout, reruns. */
export function renderNotes(model: ModelReport): string {
  const notes: string[] = [];
  const leak = sayLeakage(model.data?.diff?.leakage);
  if (leak !== "") notes.push(`⚠️ ${leak}: the figures flatter whoever was trained on them`);
  if (model.waiting !== undefined) notes.push(`⚠️ Merging ships something else besides: ${escapeProse(model.waiting)}`);
  if (model.unpinned !== undefined)
    notes.push(
      `Merging takes out the pin that holds ${escapeProse(model.unpinned, 40)}: what is merged moves stages again`,
    );
  if (model.renamed !== undefined) notes.push(sayRename(model.renamed, model.name));
  if (model.changedHoldout.length > 0) {
    notes.push(`⚠️ Holdout files are changed, not added: ${paths(model.changedHoldout)}`);
  }
  const dropped = [...new Set([...(model.comparison?.dropped ?? []), ...(model.proposed?.dropped ?? [])])];
  if (dropped.length > 0) notes.push(`Left out for both sides, as one of them was trained on it: ${paths(dropped)}`);
  if (model.runs > 1) notes.push(`This recipe was trained ${formatCount(model.runs)} times; the newest run counts`);
  return bullets(notes);
}

function sayRename(old: string, now: string): string {
  const [before, after] = [old, now].map((name) => escapeCell(`--model ${name}`, 120));
  return `Once this is merged, servers that run with ${before ?? ""} serve nothing until they are started again with ${after ?? ""}`;
}

const paths = (list: readonly string[]): string =>
  `${list
    .slice(0, 5)
    .map((path) => escapeCell(path))
    .join(", ")}${list.length > 5 ? ` and ${formatCount(list.length - 5)} more` : ""}`;

/** Failing expectations openly, everything else about the data folded; "" where there is nothing to say. */
export function renderData(data: DataReport | undefined): string {
  if (data === undefined) return "";
  const broken = data.expectations.filter(({ kind }) => kind !== "pass");
  // what blocks comes before what warns
  const said = broken.toSorted((a, b) => Number(isBlocking(b)) - Number(isBlocking(a))).map(sayBroken);
  return [bullets(said), sayDataChange(data)].filter((part) => part !== "").join("\n\n");
}

function sayBroken(outcome: ExpectationOutcome): string {
  const { expectation, examples, values } = outcome;
  // the values tell more than the rows where they are few
  const often = (values ?? []).filter(({ count: times }) => times > 1);
  const shown =
    often.length > 0
      ? often.slice(0, 3).map(({ value, count: times }) => `${escapeCell(value, 40)} × ${formatCount(times)}`)
      : examples.slice(0, 3).map((example) => escapeCell(example, 80));
  const list = shown.length === 0 ? "" : `: ${shown.join(", ")}`;
  return `${isBlocking(outcome) ? "🔴" : "🟡"} ${escapeCell(expectation, 120)}: ${escapeProse(sayFinding(outcome), 400)}${list}`;
}

/** Its sentence without what comes before and behind it here: the expectation, and the first row. */
function sayFinding({ expectation, because, examples }: ExpectationOutcome): string {
  const name = `${expectation}: `;
  const said = because.startsWith(name) ? because.slice(name.length) : because;
  return examples.length === 0 ? said : said.replace(/, first .*$/s, "");
}

/** "Parameters: `max_depth` 6 → 8". */
export function renderParameters(parameters: ModelReport["parameters"], max = 12): string {
  if (parameters.length === 0) return "";
  const value = (text: string): string => (text === "" ? "not set" : escapeCell(text, 40));
  const shown = parameters
    .slice(0, max)
    .map(({ name, production, candidate }) => `${escapeCell(name, 60)} ${value(production)} → ${value(candidate)}`);
  const more = parameters.length - shown.length;
  return `Parameters: ${shown.join(" · ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
}

/** The first metric of every slice, worst difference first, folded. */
export function renderSlices(comparison: Comparison | undefined, max: number): string {
  if (comparison === undefined || comparison.slices.length === 0 || max === 0) return "";
  const rows = comparison.slices.flatMap(({ slice, n, metrics: [metric] }) =>
    metric === undefined ? [] : [{ slice, n, metric }],
  );
  const gain = ({ metric }: (typeof rows)[number]): number => {
    const point = (metric.versusProduction ?? metric.candidate).point;
    return point === null ? -Infinity : metric.better === "higher" ? point : -point;
  };
  const cells = rows
    .toSorted((a, b) => gain(a) - gain(b))
    .slice(0, max)
    .map(({ slice, n, metric }) => {
      const decimals = decimalsOf(metric.versusProduction ?? metric.candidate);
      const { versusProduction, candidate } = metric;
      const said =
        versusProduction === null
          ? formatNumber(candidate.point, decimals)
          : sayDifference(versusProduction, decimals, metric.unit);
      return [escapeCell(slice), sayMetric(metric), said, formatCount(n)];
    });
  if (cells.length === 0) return "";
  const more = rows.length - cells.length;
  const table = markdownTable(
    [["slice", "metric", comparison.production === null ? "value" : "difference", "n"], ...cells],
    { align: ["l", "l", "r", "r"] },
  );
  return fold(
    `Slices: ${formatCount(rows.length)}, worst first`,
    `${table}${more > 0 ? `\n\nand ${formatCount(more)} more` : ""}`,
  );
}

/** "212 newly right, 148 newly wrong". */
export function renderFlips(comparison: Comparison | undefined): string {
  const flips = comparison?.flips ?? null;
  if (flips === null || (flips.newlyRight === 0 && flips.newlyWrong === 0)) return "";
  return `${formatCount(flips.newlyRight)} newly right, ${formatCount(flips.newlyWrong)} newly wrong`;
}

/** "Trained on `8c1f2ab` in 6 min 12 s on `gpu-t4`". */
export function renderRun({ run }: ModelReport): string {
  if (run === undefined) return "";
  const where = run.source.kind === "local" ? "this machine" : escapeCell(run.runsOn, 60);
  return `Trained on ${escapeCell(run.source.head.slice(0, 7))} in ${formatDuration(run.durationMs)} on ${where}`;
}
