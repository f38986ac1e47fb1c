import type { DriftReport } from "#core/drift/drift-record.ts";
import type { DriftFacts } from "./drift/drift-facts.ts";
import { renderChart } from "./drift/render-chart.ts";
import type { Told } from "./drift/render-change.ts";
import { renderColumns, renderQuietColumns } from "./drift/render-columns.ts";
import { renderPerformance } from "./drift/render-performance.ts";
import { renderSnoozeBoxes, renderTodo } from "./drift/render-todo.ts";
import { findShown, isNoNews, sayHeadline, saySnooze, sayState, sayTitle, sayUnwatched } from "./drift/say-state.ts";
import { asSentence, escapeCell, escapeProse } from "./escape.ts";
import { commentBudget, fitBudget, type Part } from "./fit-budget.ts";
import { decimalsOf, formatInterval, formatNumber, formatUnits } from "./format.ts";
import { addMarker, readMarker } from "./marker.ts";
import { sayDifference, sayMetricName } from "./report/comparison-table.ts";
import { fold } from "./report/details.ts";

/** What a drift issue of ours is about and has told: of which model, and as of which watch. */
export function readDriftMarker(body: string): (Told & { model: string; version: string; at: string }) | undefined {
  const marker = readMarker(body);
  const { model, version = "", state = "", at = "", worse = "", unwatched = "", snoozed = "" } = marker?.data ?? {};
  if (marker?.kind !== "drift" || model === undefined) return undefined;
  return { model, version, state, at, worse, unwatched, snoozed };
}

/** The one drift issue of a model: what moved, how much, since when, what it means, what to do. Edited in place. */
export function renderDriftIssue(facts: DriftFacts): { title: string; body: string } {
  const { model, version, alarm, unwatched, nights, snooze, schedule } = facts;
  const shown = findShown(facts);
  const isAlarm = alarm.kind === "alarm";
  const drifted = isAlarm ? (shown?.columns.filter((column) => column.drifted) ?? []) : [];
  const parts: readonly Part[] = [
    one(`### ${sayHeadline(facts)}`, 100),
    one(unwatched === undefined ? "" : `🔴 ${sayUnwatched(facts)}`, 97),
    one(isAlarm || saysWhy(facts) ? asSentence(escapeProse(shown?.because ?? "", 1_000)) : "", 95),
    one(sayState(facts), 94),
    one(saySnooze(facts), 93),
    one(shown === undefined ? "" : renderLead(shown), 90),
    one(renderPerformance(shown?.performance), 85),
    { name: "columns", priority: 80, versions: [20, 5, 1].map((max) => renderColumns(drifted, max, nights)) },
    { name: "chart", priority: 40, versions: [renderChart(nights, schedule), ""] },
    one(isAlarm && shown !== undefined ? renderMeaning(shown) : "", 70),
    one(renderTodo(facts), 75),
    one(renderSnoozeBoxes(facts), 76),
    {
      name: "quiet columns",
      priority: 10,
      versions: [shown === undefined ? "" : renderQuietColumns(shown, drifted), ""],
    },
    one(shown === undefined ? "" : renderCompared(shown), 60),
    { name: "what had drifted", priority: 50, versions: [5, 1].map((max) => renderBefore(facts, max)) },
  ];
  const { text } = fitBudget(parts, commentBudget - 1_000);
  const told = {
    model,
    version: shown?.version ?? version,
    state: isAlarm ? "alarm" : "quiet",
    at: nights.at(-1)?.newest ?? "",
    worse: alarm.worse?.at ?? "",
    unwatched: unwatched?.since ?? "",
    snoozed: snooze?.until ?? "",
  };
  return { title: `${model}: ${sayTitle(facts)}`, body: addMarker(text, "drift", told) };
}

/** The last word of an issue whose model nobody watches any more. */
export function renderUnwatchedModel(model: string): { title: string; body: string } {
  const text = `### ${escapeProse(model, 100)}: no longer watched\n\nThe default branch's config asks for no watch of it.`;
  return { title: `${model}: no longer watched`, body: addMarker(text, "drift", { model, state: "quiet" }) };
}

const one = (text: string, priority: number): Part => ({ name: "", priority, versions: [text] });

/** Does the newest report say why it is quiet, or why it says nothing? */
const saysWhy = ({ report, unwatched }: DriftFacts): boolean =>
  unwatched === undefined && report !== undefined && (report.verdict === "quiet" || isNoNews(report));

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

function renderMeaning({ columns, lead, performance }: DriftReport): string {
  const data = columns.some(({ drifted }) => drifted);
  if (performance?.verdict === "worse") {
    return `**What it means**: on answers whose truth is known by now, the model does worse than when it was promoted, by more than its gate allows${data ? ", and its inputs look different" : ", while its inputs look as they did: what is asked may have changed its meaning"}.`;
  }
  if (lead?.drifted === true) {
    return `**What it means**: the model beats the baseline by less than when it was promoted, on rows both of them predicted${data ? ", and its inputs look different" : ""}. A hard month would have cost the baseline as much.`;
  }
  return "**What it means**: what arrives now is not what the model learnt from. That alone does not make its answers worse; it is reason to train again on newer data and let the comparison decide.";
}

function renderCompared({ current, reference, version, watch, model, at }: DriftReport): string {
  const compared = `Compared: ${sayData(current)} now, ${sayData(reference)} that ${escapeCell(version, 40)} was trained on.`;
  const base = /^(https?:\/\/[\w.:/-]+)\/actions\/runs\/\d+$/.exec(watch?.url ?? "")?.[1];
  if (watch === undefined || base === undefined) return compared;
  const record = `${base}/blob/trainyard/drift/${encodeURIComponent(model)}/${at.replaceAll(":", "-")}.json`;
  return `${compared} [The run](${watch.url}), [its record](${record}).`;
}

function renderBefore({ alarm, before, nights }: DriftFacts, max: number): string {
  if (alarm.kind === "alarm" || before === undefined) return "";
  const drifted = before.columns.filter((column) => column.drifted);
  const text = [
    asSentence(escapeProse(before.because, 1_000)),
    renderLead(before),
    renderColumns(drifted, max, nights),
  ];
  return fold(
    `What had drifted, as of ${before.at.slice(0, 10)}, with ${escapeProse(before.version, 40)} in production`,
    text.filter((part) => part !== "").join("\n\n"),
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
