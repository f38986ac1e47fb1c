import { escapeHtml, Html } from "./html.ts";

/** A line chart as a comment of ours writes it: labels, an axis and a few lines of as many values. */
export type Chart = {
  title: string;
  labels: readonly string[];
  axis: { name: string; low: number; high: number };
  lines: readonly (readonly number[])[];
};

const [width, height] = [680, 240];
const inside = { left: 56, right: 16, top: 36, bottom: 44 } as const;
const mostPoints = 60;

/** Reads the few lines of Mermaid's `xychart-beta` that we write; undefined for anything else. */
export function readChart(text: string): Chart | undefined {
  const [first, ...rest] = text.split("\n").map((line) => line.trim());
  if (first !== "xychart-beta") return undefined;
  const find = (pattern: RegExp): RegExpExecArray | undefined =>
    rest.map((line) => pattern.exec(line)).find((found) => found !== null) ?? undefined;
  const [, title] = find(/^title "([^"]{1,200})"$/) ?? [];
  const [, labels] = find(/^x-axis \[((?:"[^"]{1,20}"(?:, )?)+)\]$/) ?? [];
  const [, name, low, high] = find(/^y-axis "([^"]{1,60})" (-?\d+(?:\.\d+)?) --> (-?\d+(?:\.\d+)?)$/) ?? [];
  const lines = rest.flatMap((line) => {
    const [, values] = /^line \[(-?\d+(?:\.\d+)?(?:, -?\d+(?:\.\d+)?)*)\]$/.exec(line) ?? [];
    return values === undefined ? [] : [values.split(", ").map(Number)];
  });
  if (title === undefined || labels === undefined || name === undefined || lines.length === 0) return undefined;
  const shown = labels.split(", ").map((label) => label.slice(1, -1));
  const fits = shown.length > 1 && shown.length <= mostPoints && lines.every(({ length }) => length === shown.length);
  const axis = { name, low: Number(low), high: Number(high) };
  return fits && axis.low < axis.high ? { title, labels: shown, axis, lines } : undefined;
}

/** The chart as SVG: the first line is what is told, the others (dashed) what it is held to. Colours are the page's. */
export function drawChart({ title, labels, axis, lines }: Chart): Html {
  const x = (index: number): number =>
    inside.left + (index * (width - inside.left - inside.right)) / (labels.length - 1);
  const y = (value: number): number =>
    height - inside.bottom - ((value - axis.low) * (height - inside.top - inside.bottom)) / (axis.high - axis.low);
  const step = roundStep((axis.high - axis.low) / 3);
  const lowest = Math.ceil(axis.low / step - 1e-9);
  const count = Math.floor(axis.high / step + 1e-9) - lowest + 1;
  const ticks = Array.from({ length: count }, (_, index) => (lowest + index) * step);
  const grid = ticks.map(
    (value) =>
      `<line class="grid" x1="${inside.left}" x2="${width - inside.right}" y1="${round(y(value))}" y2="${round(y(value))}"/>` +
      `<text class="tick" text-anchor="end" x="${inside.left - 8}" y="${round(y(value) + 4)}">${sayTick(value, step)}</text>`,
  );
  // labels side by side need some 50 units each
  const every = Math.ceil(labels.length / 12);
  const below = labels.map((label, index) =>
    index % every === 0
      ? `<text class="tick" text-anchor="middle" x="${round(x(index))}" y="${height - inside.bottom + 18}">${escapeHtml(label)}</text>`
      : "",
  );
  const drawn = lines.map((values, index) => {
    const points = values.map((value, at) => `${round(x(at))},${round(y(value))}`).join(" ");
    const line = `<polyline class="${index === 0 ? "told" : "bar"}" points="${points}"/>`;
    const dots =
      index > 0
        ? ""
        : values
            .map(
              (value, at) =>
                `<circle class="dot" r="3" cx="${round(x(at))}" cy="${round(y(value))}"><title>${escapeHtml(labels[at] ?? "")}: ${value}</title></circle>`,
            )
            .join("");
    return line + dots;
  });
  const said = `${title}: ${labels.map((label, index) => `${label} ${lines[0]?.[index] ?? ""}`).join(", ")}`;
  return new Html(
    `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(said)}">` +
      `<text class="title" x="${inside.left}" y="18">${escapeHtml(title)}</text>${grid.join("")}${below.join("")}${drawn.join("")}</svg>`,
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** 1, 2 or 5 times a power of ten, at most this. */
function roundStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return (most / power >= 5 ? 5 : most / power >= 2 ? 2 : 1) * power;
}

function sayTick(value: number, step: number): string {
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))).replace("-", "−");
}
