import { expect, it } from "vitest";
import { renderChart } from "#core/message/drift/render-chart.ts";
import { drawChart, readChart } from "#web/chart.ts";
import { renderMarkdown } from "#web/markdown.ts";
import { nightOf } from "./night-fixture.ts";

const nights = [0.4, 0.9, 1.3].map((ratio, day) => nightOf(`2026-05-0${day + 1}T03:00:00Z`, ratio));
const block = renderChart(nights, "daily");
const source = block.split("\n").slice(1, -1).join("\n");

it("reads the chart that a drift issue writes, and draws its points from low to high", () => {
  const chart = readChart(source);
  expect(chart).toMatchObject({
    labels: ["05-01", "05-02", "05-03"],
    lines: [
      [0.4, 0.9, 1.3],
      [1, 1, 1],
    ],
  });
  if (chart === undefined) return;
  const { text } = drawChart(chart);
  const points = /class="told" points="([^"]+)"/
    .exec(text)?.[1]
    ?.split(" ")
    .map((point) => point.split(",").map(Number));
  expect(points).toHaveLength(3);
  const heights = points?.map(([, y]) => y ?? NaN) ?? [];
  expect(heights).toEqual(heights.toSorted((a, b) => b - a));
  expect(text).toContain(
    'aria-label="Largest effect, as a share of its alarm threshold: 05-01 0.4, 05-02 0.9, 05-03 1.3"',
  );
});

it.each([
  ["another diagram", "graph TD\n  a --> b"],
  ["a click", `${source}\n  click a "javascript:alert(1)"`.replace("xychart-beta", "flowchart")],
  ["a label that closes", source.replace("05-01", '"><script>')],
  ["lines of another length", source.replace("line [0.4, 0.9, 1.3]", "line [0.4]")],
  ["no range", source.replace(/0 --> [\d.]+/, "1 --> 1")],
])("leaves %s as the text that it is", (_, text) => {
  expect(readChart(text)).toBeUndefined();
  const { text: page } = renderMarkdown(`\`\`\`mermaid\n${text}\n\`\`\``, { ofNumber: () => undefined } as never);
  expect(page).toContain("<pre>");
  expect(page).not.toMatch(/<script|<svg/);
});

it("stands in the page where the block stood", () => {
  const page = renderMarkdown(`before\n\n${block}\n\nafter`, { ofNumber: () => undefined } as never).text;
  expect(page).toMatch(/<p>before<\/p>\s*<svg class="chart"[\s\S]*<\/svg>\s*<p>after<\/p>/);
});
