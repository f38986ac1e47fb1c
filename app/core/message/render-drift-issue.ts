import { markdownTable } from "markdown-table";
import type { DriftColumn, DriftReport, DriftTestName } from "#core/evidence.ts";
import { asSentence, escapeCell, escapeProse } from "./escape.ts";
import { commentBudget, fitBudget, type Part } from "./fit-budget.ts";
import { decimalsOf, formatCount, formatInterval, formatNumber, formatUnits } from "./format.ts";
import { addMarker, readMarker } from "./marker.ts";
import { sayDifference, sayMetricName } from "./report/comparison-table.ts";
import { fold } from "./report/details.ts";

export type DriftContext = {
  /** the pull request that retrains, if there is one */
  retrainPull: number | undefined;
  /** the config names a command that refreshes the data */
  canRetrain: boolean;
  /** where all is quiet again: the report that last told of drift */
  before?: DriftReport | undefined;
};

/** The model and version that this drift issue of ours is about. */
export function readDriftMarker(body: string): { model: string; version: string } | undefined {
  const marker = readMarker(body);
  const { model, version } = marker?.data ?? {};
  return marker?.kind === "drift" && model !== undefined && version !== undefined ? { model, version } : undefined;
}

/** The one drift issue of a model: what moved, how much, what it means, what to do. Edited in place with each watch. */
export function renderDriftIssue(report: DriftReport, context: DriftContext): { title: string; body: string } {
  const { model, version } = report;
  const drifted = report.verdict === "quiet" ? [] : report.columns.filter((column) => column.drifted);
  const parts: readonly Part[] = [
    one(`### ${sayDriftHeadline(report)}`, 100),
    one(asSentence(escapeProse(report.because, 1_000)), 95),
    one(renderLead(report), 90),
    { name: "columns", priority: 80, versions: [20, 5, 1].map((max) => renderColumns(drifted, max)) },
    one(renderMeaning(report), 70),
    one(renderTodo(report, context), 75),
    { name: "quiet columns", priority: 10, versions: [renderQuiet(report, drifted), ""] },
    one(
      `Compared: ${sayData(report.current)} now, ${sayData(report.reference)} that ${escapeCell(version, 40)} was trained on.`,
      60,
    ),
    { name: "what had drifted", priority: 50, versions: [5, 1].map((max) => renderBefore(context.before, max)) },
  ];
  const { text } = fitBudget(parts, commentBudget - 1_000);
  return { title: `${model}: ${sayTitle(report)}`, body: addMarker(text, "drift", { model, version }) };
}

const one = (text: string, priority: number): Part => ({ name: "", priority, versions: [text] });

/** Production was judged on the very rows that drifted: quiet, and not because they look as they did. */
const isNoNews = ({ verdict, columns, lead }: DriftReport): boolean =>
  verdict === "quiet" && (lead?.drifted === true || columns.some(({ drifted }) => drifted));

function sayTitle(report: DriftReport): string {
  const { verdict, version } = report;
  if (isNoNews(report)) return `no news since ${version}`;
  if (verdict === "drift") return `drift since ${version}`;
  if (verdict === "quiet") return "no drift any more";
  return verdict === "error" ? "could not be watched" : "not enough data to watch";
}

/** "🟡 churn: the data has drifted away from what v1.4.0 was trained on". */
function sayDriftHeadline(report: DriftReport): string {
  const { model, verdict, version, columns, lead } = report;
  const name = escapeProse(model, 100);
  if (isNoNews(report))
    return `🟢 ${name}: ${escapeProse(version, 40)} was judged on these very rows, and there are no newer ones`;
  if (verdict === "quiet") return `🟢 ${name}: no drift any more, ${escapeProse(version, 40)} fits today's data`;
  if (verdict === "not-enough-data") return `🟡 ${name}: not enough data to say whether it drifts`;
  if (verdict === "error") return `🔴 ${name}: could not be watched`;
  const data = columns.some(({ drifted }) => drifted);
  const what = [
    data ? "the data has moved away from what it was trained on" : "",
    lead?.drifted === true ? "it has lost part of its lead" : "",
  ];
  return `🟡 ${name} ${escapeProse(version, 40)}: ${what.filter((text) => text !== "").join(", and ") || "drift"}`;
}

function renderLead({ lead }: DriftReport): string {
  if (lead === null) return "";
  const decimals = decimalsOf(lead.change ?? lead.now);
  const metric = sayMetricName(lead.metric);
  const now =
    `${formatNumber(lead.now.point, decimals, { signed: true })} ${formatInterval(lead.now, decimals, { signed: true })}`.trim();
  const then =
    lead.atPromotion === null
      ? ""
      : `, at its promotion ${formatNumber(lead.atPromotion.point, decimals, { signed: true })}`;
  const change = lead.change === null ? "" : `, a change of ${sayDifference(lead.change, decimals, null)}`;
  return `Lead over the baseline in ${metric}: ${now} now${then}${change}.`;
}

function renderColumns(columns: readonly DriftColumn[], max: number): string {
  if (columns.length === 0) return "";
  const rows = columns.slice(0, max).map((column) => [
    escapeCell(column.column),
    `${effectNames[column.effectName]} ${formatNumber(column.effect, 3)} (alarm at ${formatNumber(column.threshold, 3)})`,
    sayP(column.adjustedP),
    column.moved
      .slice(0, 5)
      .map(({ value, before, now }) => sayMove(column, value, before, now))
      .join(", ") || "—",
  ]);
  const more = columns.length - rows.length;
  const table = markdownTable([["column", "how far", "adjusted p", "what moved most"], ...rows]);
  return `${table}${more > 0 ? `\n\nand ${formatUnits(more, "more column")}` : ""}`;
}

const effectNames: Readonly<Record<DriftTestName, string>> = {
  "cramers-v": "Cramér's V",
  ks: "KS distance",
  wasserstein: "Wasserstein distance",
  missing: "share without a value",
  "new-levels": "share of new values",
  "missing-levels": "share of gone values",
  "chi-squared": "share moved",
  "jensen-shannon": "Jensen-Shannon distance",
  "wasserstein-std": "Wasserstein distance / std",
};

function sayP(p: number | null): string {
  if (p === null) return "—";
  if (p < 1e-16) return "< 1e-16";
  return p < 0.001 ? p.toExponential(0).replace("-", "−") : formatNumber(p, 3);
}

function sayMove(column: DriftColumn, value: string, before: number, now: number): string {
  if (column.kind === "numeric") return `${escapeCell(value, 40)} ${sayShare(before, 1)} → ${sayShare(now, 1)}`;
  const factor = before > 0 && now > 0 ? ` ×${formatNumber(now / before, now / before < 1 ? 2 : 1)}` : "";
  return `${escapeCell(value, 40)}${factor} (${sayShare(before, 100)} % → ${sayShare(now, 100)} %)`;
}

const sayShare = (share: number, scale: number): string =>
  formatNumber(share * scale, Math.abs(share * scale) < 10 ? 2 : 1);

function renderMeaning({ columns, lead, verdict }: DriftReport): string {
  if (verdict !== "drift") return "";
  const data = columns.some(({ drifted }) => drifted);
  if (lead?.drifted === true) {
    return `**What it means**: the model beats the baseline by less than when it was promoted, on rows both of them predicted${data ? ", and its inputs look different" : ""}. A hard month would have cost the baseline as much.`;
  }
  return "**What it means**: what arrives now is not what the model learnt from. That alone does not make its answers worse; it is reason to train again on newer data and let the comparison decide.";
}

function renderTodo({ verdict }: DriftReport, { retrainPull, canRetrain }: DriftContext): string {
  if (verdict === "quiet") return "Nothing to do: this issue is closed, and opens again when there is drift again.";
  if (verdict === "not-enough-data")
    return "**What to do**: nothing: each watch looks again, and says so here once there are rows enough. Production stays as it is.";
  if (verdict === "error") return "**What to do**: look at the log of the watch; production stays as it is.";
  const closes = "A watch closes this issue once a version that fits is in production, or the data is as it was.";
  if (retrainPull !== undefined) return `**What to do**: review #${retrainPull}, which trains on newer data. ${closes}`;
  if (canRetrain)
    return `**What to do**: wait for the pull request that trains on newer data. None comes where \`monitor: retrain:\` brought no newer data, or where somebody closed it for this version: then add data in one of your own. ${closes}`;
  return `**What to do**: add newer data in a pull request and let the comparison decide. With \`monitor: retrain:\` in the config that pull request opens by itself. ${closes}`;
}

function renderBefore(before: DriftReport | undefined, max: number): string {
  if (before === undefined) return "";
  const drifted = before.columns.filter((column) => column.drifted);
  const text = [asSentence(escapeProse(before.because, 1_000)), renderLead(before), renderColumns(drifted, max)];
  return fold(
    `What had drifted, as of ${before.at.slice(0, 10)}, with ${escapeProse(before.version, 40)} in production`,
    text.filter((part) => part !== "").join("\n\n"),
  );
}

function renderQuiet(report: DriftReport, alarming: readonly DriftColumn[]): string {
  const { columns } = report;
  const quiet = columns.filter((column) => !alarming.includes(column));
  const shown = quiet
    .slice(0, 40)
    .map(
      ({ column, effect, threshold }) =>
        `${escapeCell(column)} ${formatNumber(effect, 3)} of ${formatNumber(threshold, 3)}`,
    );
  const more = quiet.length - shown.length;
  return fold(
    `${isNoNews(report) ? "Measured" : "No alarm"}: ${formatUnits(quiet.length, "column")}`,
    shown.length === 0 ? "" : `${shown.join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`,
  );
}

function sayData({ files, rows }: DriftReport["current"]): string {
  const [first, ...rest] = files;
  const last = rest.at(-1);
  const named =
    first === undefined
      ? ""
      : last === undefined
        ? ` (${escapeCell(first)})`
        : ` (${escapeCell(first)} to ${escapeCell(last)})`;
  return `${formatUnits(rows, "row")}${named}`;
}
