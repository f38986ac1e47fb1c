import type { Comparison, EstimateRecord, RunRecord } from "#core/evidence.ts";
import { plainLine } from "#core/message/escape.ts";
import {
  decimalsOf,
  formatDuration,
  formatInterval,
  formatNumber,
  formatSize,
  formatUnits,
} from "#core/message/format.ts";
import { alignColumns } from "./align-columns.ts";
import { sparkline } from "./sparkline.ts";

/** One line of `runs list`: a run, its version if it has one, and its first metric where it was measured. */
export type RunLine = {
  run: RunRecord;
  /** what its model is called now */
  model: string;
  version: string | undefined;
  stage: string | undefined;
  comparison: Comparison | undefined;
};

/** `trainyard runs list`: newest first as given. Plain text for a terminal: nothing of a stranger's moves the cursor. */
export function renderRunList(lines: readonly RunLine[]): string {
  if (lines.length === 0)
    return "No runs yet: push a branch with a model and open a pull request, or run `trainyard check`.";
  const rows = lines.map(({ run, model, version, stage, comparison }) => [
    run.key,
    plainLine(model, 40),
    run.recipe.slice(0, 10),
    run.source.head.slice(0, 7),
    formatDuration(run.durationMs),
    sayFirstMetric(comparison),
    [version, stage].filter((text) => text !== undefined).join(" at "),
    run.at.slice(0, 16).replace("T", " "),
  ]);
  return alignColumns([["run", "model", "recipe", "commit", "took", "metric", "version", "when (UTC)"], ...rows], [4]);
}

function sayFirstMetric(comparison: Comparison | undefined): string {
  const metric = comparison?.metrics[0];
  if (metric === undefined) return "";
  const decimals = decimalsOf(metric.candidate);
  return `${plainLine(metric.name, 24)} ${formatNumber(metric.candidate.point, decimals)} ${formatInterval(metric.candidate, decimals)}`.trim();
}

/** `trainyard runs show`: everything recorded about one run. */
export function renderRun(line: RunLine): string {
  const { run, model, version, stage, comparison } = line;
  const source =
    run.source.kind === "local"
      ? "this machine"
      : `workflow run ${run.source.run}, attempt ${run.source.attempt}${run.source.pull === null ? "" : `, pull request #${run.source.pull}`}${run.source.fork ? ", from a fork" : ""}`;
  const facts = [
    ["run", run.key],
    [
      "model",
      model === run.model
        ? plainLine(model, 100)
        : `${plainLine(model, 100)}, called ${plainLine(run.model, 100)} when this was trained`,
    ],
    [
      "version",
      version === undefined ? "not registered" : [version, stage].filter((text) => text !== undefined).join(" at "),
    ],
    ["recipe", run.recipe],
    [
      "artifact",
      `sha256:${run.artifact.sha256} (${formatSize(run.artifact.size)}, ${run.artifact.files.length} file${run.artifact.files.length === 1 ? "" : "s"})`,
    ],
    ["commit", run.source.head],
    ["trained by", source],
    ["took", `${formatDuration(run.durationMs)} on ${plainLine(run.runsOn, 60)}`],
    ["inputs", `${run.inputs.length} files`],
    ["when (UTC)", run.at],
  ];
  const parameters = Object.entries(run.parameters).map(([name, value]) => [
    plainLine(name, 60),
    plainLine(String(value), 100),
  ]);
  const series = Object.entries(run.series).map(([name, points]) => [plainLine(name, 60), ...describeSeries(points)]);
  const sections = [
    alignColumns(facts),
    section("Parameters", alignColumns(parameters)),
    section("Series", alignColumns(series)),
    section("Measured", comparison === undefined ? "" : renderMetrics(comparison)),
  ];
  return sections.filter((text) => text !== "").join("\n\n");
}

/** "▇▅▃▂▁", "120 points", "last 0.301". */
function describeSeries(points: RunRecord["series"][string]): readonly string[] {
  const last = points.at(-1)?.[1] ?? null;
  const decimals = decimalsOf({ point: last, low: null, high: null, n: 0 });
  return [
    sparkline(points.map(([, value]) => value)),
    `${points.length} point${points.length === 1 ? "" : "s"}`,
    last === null ? "" : `last ${formatNumber(last, decimals)}`,
  ];
}

const section = (title: string, text: string): string => (text === "" ? "" : `${title}\n${text.replace(/^/gm, "  ")}`);

function renderMetrics(comparison: Comparison): string {
  if (comparison.error !== null) return plainLine(comparison.error, 400);
  const rows = comparison.metrics.map((metric) => {
    const decimals = decimalsOf(metric.versusProduction ?? metric.candidate);
    const difference =
      metric.versusProduction === null
        ? ""
        : `${formatNumber(metric.versusProduction.point, decimals, { signed: true })} ${formatInterval(metric.versusProduction, decimals, { signed: true })}`;
    return [
      `${plainLine(metric.name, 40)} ${metric.better === "higher" ? "↑" : "↓"}`,
      `${formatNumber(metric.candidate.point, decimals)} ${formatInterval(metric.candidate, decimals)}`.trim(),
      difference,
    ];
  });
  return alignColumns([["metric", "value", comparison.production === null ? "" : "against production"], ...rows]);
}

/**
 * `trainyard runs compare A B`: parameters and series that differ, and the comparison of B (the candidate) with A if there
 * is one.
 */
export function renderRunComparison(
  a: RunRecord,
  b: RunRecord,
  comparison: Comparison | undefined,
  [left, right]: readonly [string, string] = [a.key, b.key],
): string {
  const names = [...new Set([...Object.keys(a.parameters), ...Object.keys(b.parameters)])].sort();
  const shown = (run: RunRecord, name: string): string =>
    name in run.parameters ? plainLine(String(run.parameters[name]), 60) : "—";
  const differing = names
    .map((name) => [plainLine(name, 60), shown(a, name), shown(b, name)])
    .filter(([, left, right]) => left !== right);
  const files = new Map(a.inputs.map(({ path, blob }) => [path, blob]));
  const changed = b.inputs.filter(({ path, blob }) => files.has(path) && files.get(path) !== blob).length;
  const added = b.inputs.filter(({ path }) => !files.has(path)).length;
  const removed = a.inputs.length + added - b.inputs.length;
  const head = alignColumns([
    ["", left, right],
    ["run", a.key, b.key],
    ["commit", a.source.head.slice(0, 7), b.source.head.slice(0, 7)],
    ["took", formatDuration(a.durationMs), formatDuration(b.durationMs)],
    ["size", formatSize(a.artifact.size), formatSize(b.artifact.size)],
  ]);
  const same = a.artifact.sha256 === b.artifact.sha256 ? "Both are the same bytes." : "";
  const sections = [
    head,
    same,
    `Inputs: ${changed} changed, ${added} added, ${removed} removed`,
    section("Parameters that differ", alignColumns(differing)),
    section("Series", alignColumns(compareSeries(a, b, [left, right]))),
    comparison === undefined
      ? "They were not measured on one evaluation, so their numbers are not set side by side."
      : section(
          `Measured on the same ${formatUnits(comparison.units, plainLine(comparison.unitName, 40))}`,
          renderSides(comparison, left, right),
        ),
  ];
  return sections.filter((text) => text !== "").join("\n\n");
}

/** Of each series that both logged, how it went for the one and the other. */
function compareSeries(
  a: RunRecord,
  b: RunRecord,
  [left, right]: readonly [string, string],
): readonly (readonly string[])[] {
  return Object.entries(a.series).flatMap(([name, points]) => {
    const others = b.series[name];
    if (others === undefined) return [];
    return [
      [plainLine(name, 60), left, ...describeSeries(points)],
      ["", right, ...describeSeries(others)],
    ];
  });
}

function renderSides(comparison: Comparison, a: string, b: string): string {
  const isPaired = comparison.metrics.some(({ versusProduction }) => versusProduction !== null);
  const rows = comparison.metrics.map((metric) => {
    const decimals = decimalsOf(metric.versusProduction ?? metric.candidate);
    const side = (estimate: EstimateRecord | null): string =>
      estimate === null
        ? "—"
        : `${formatNumber(estimate.point, decimals)} ${formatInterval(estimate, decimals)}`.trim();
    const { versusProduction: difference } = metric;
    return [
      `${plainLine(metric.name, 40)} ${metric.better === "higher" ? "↑" : "↓"}`,
      side(metric.production),
      side(metric.candidate),
      difference === null
        ? isPaired
          ? "not measured on both"
          : "not paired"
        : `${formatNumber(difference.point, decimals, { signed: true })} ${formatInterval(difference, decimals, { signed: true })}`,
    ];
  });
  const table = alignColumns([["metric", a, b, "difference (95 % interval)"], ...rows]);
  return isPaired
    ? table
    : `${table}\n\nNot paired: no job compared these two row by row, each was only measured on the same rows. A pull request\nthat would replace the one by the other, or trainyard check, does.`;
}
