import { codeBlock } from "#core/message/escape.ts";
import { sparkline } from "#core/message/terminal/sparkline.ts";
import type { CountedNight } from "#core/watch/night.ts";

type Point = { label: string; value: number; bar: number };

/**
 * The last weeks as a Mermaid chart: each night's largest effect as a share of its threshold, beside the line where the
 * alarm begins; where no column is watched, the lead beside what it was at promotion. "" before there are two points.
 * Numbers and dates only: nothing that a stranger wrote.
 */
export function renderChart(nights: readonly CountedNight[], schedule: "hourly" | "daily" | "weekly"): string {
  const byColumns = pointsOf(nights, schedule, ({ columns }) => {
    const ratios = columns.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
    return ratios.length === 0 ? undefined : { value: Math.max(...ratios), bar: 1 };
  });
  if (byColumns.length > 1)
    return draw("Largest effect, as a share of its alarm threshold", "effect / threshold", byColumns);
  const byLead = pointsOf(nights, schedule, ({ lead }) =>
    lead === null || lead.now === null || lead.atPromotion === null
      ? undefined
      : { value: lead.now, bar: lead.atPromotion },
  );
  return byLead.length > 1 ? draw("Lead over the baseline, and at promotion", "lead", byLead) : "";
}

function pointsOf(
  nights: readonly CountedNight[],
  schedule: "hourly" | "daily" | "weekly",
  read: (night: CountedNight) => { value: number; bar: number } | undefined,
): readonly Point[] {
  const points = new Map<string, Point>();
  for (const night of nights.slice(-30)) {
    const point = read(night);
    if (point === undefined) continue;
    const day = night.at.slice(5, 10);
    // the axis knows each label once
    const label = schedule === "hourly" || points.has(day) ? `${day} ${night.at.slice(11, 16)}` : day;
    points.set(label, { label, ...point });
  }
  return [...points.values()];
}

function draw(title: string, axis: string, points: readonly Point[]): string {
  const values = points.flatMap(({ value, bar }) => [value, bar]);
  const [low, high] = [Math.min(0, ...values), Math.max(...values)];
  // the chart knows no exponents
  const say = (value: number): string => String(Number(Math.min(1e6, Math.max(-1e6, value)).toFixed(4)));
  return codeBlock(
    [
      "xychart-beta",
      `  title "${title}"`,
      `  x-axis [${points.map(({ label }) => `"${label}"`).join(", ")}]`,
      `  y-axis "${axis}" ${say(low)} --> ${say(high + Math.max(high - low, 1e-6) * 0.1)}`,
      `  line [${points.map(({ value }) => say(value)).join(", ")}]`,
      `  line [${points.map(({ bar }) => say(bar)).join(", ")}]`,
    ].join("\n"),
    "mermaid",
  );
}

/** One column's last weeks in bars: from nothing to the highest, a gap where it was not measured. */
export function drawColumn(nights: readonly CountedNight[], column: string): string {
  const ratios = nights.slice(-30).map(({ columns }) => columns.find((one) => one.column === column)?.ratio ?? null);
  return sparkline(ratios, 30, 0);
}
