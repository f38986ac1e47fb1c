import { markdownTable } from "markdown-table";
import { escapeCell, escapeProse } from "./escape.ts";
import { commentBudget, fitBudget, type Part } from "./fit-budget.ts";
import { formatCount, formatUnits } from "./format.ts";
import { addMarker, readMarker } from "./marker.ts";
import { fold, summaryText } from "./report/details.ts";
import { sayAnswer, sayHeadline, sayNotes } from "./report/headline.ts";
import { modelParts } from "./report/model-parts.ts";
import type { ModelReport, ReportInput } from "./report-input.ts";
import { describeProblem } from "./report/problem.ts";
import { lightOf, severityOf } from "./report/verdict-light.ts";

/** Is this comment of ours the report of a pull request? */
export function isReport(body: string): boolean {
  return readMarker(body)?.kind === "report";
}

/**
 * The comment on one pull request: the answer in the first line, as green as the worst verdict, then what it stands on.
 * At most 58,000 characters; the marker `report` on the last line holds the head. Where
 * the base moved and nothing else, the text is the same.
 */
export function renderReport(input: ReportInput): string {
  const { headline, parts } = reportParts(input);
  const footer = renderFooter(input);
  const { text, shortened } = fitBudget(parts, commentBudget - headline.length - footer.length - 1_200);
  const body = [`### ${headline}`, text, sayShortened(shortened), footer].filter((part) => part !== "").join("\n\n");
  const evidence = input.evidence === undefined ? {} : { evidence: input.evidence };
  return addMarker(body, "report", { head: input.head, ...evidence });
}

/** What an earlier report becomes when a later push touches no model any more. Keeps the head of the marker. */
export function renderUnaffected(own: string): string {
  return addMarker("### 🟢 No model is affected by this pull request any more", "report", readMarker(own)?.data ?? {});
}

/** Headline and parts in reading order, shared by the comment and the check. */
export function reportParts(input: ReportInput): { headline: string; parts: readonly Part[] } {
  if (input.problem !== undefined) return describeProblem(input.problem);
  const affected = input.models
    .map((model) => ({ ...model, informational: input.informational }))
    .filter(({ verdict }) => verdict.kind !== "not_affected")
    .toSorted((a, b) => severityOf(a.verdict) - severityOf(b.verdict));
  const [worst, ...others] = affected;
  if (worst === undefined) return { headline: "🟢 No model is affected", parts: [] };
  const informational: Part = {
    name: "note",
    priority: 95,
    versions: [
      affected.some(({ verdict }) => verdict.kind === "error" || verdict.kind === "fail")
        ? "The default branch has no config yet: this is for information, and merging ships nothing."
        : "The default branch has no config yet: this is for information, and one `/promote` after the merge starts production.",
    ],
  };
  const first = input.informational ? [informational] : [];
  if (others.length === 0) return { headline: sayHeadline(worst), parts: [...first, ...modelParts(worst)] };
  return {
    headline: sayWorst(worst, affected),
    parts: [...first, ...tableOfModels(affected), ...affected.flatMap(foldModel)],
  };
}

function sayWorst(worst: ModelReport, affected: readonly ModelReport[]): string {
  if (worst.verdict.kind !== "pending" && worst.verdict.green) {
    const notes = affected.some(hasNote) ? ". Note: not only the models themselves change, see below" : "";
    return `🟢 all ${formatUnits(affected.length, "model")} may be merged${notes}`;
  }
  return sayHeadline(worst, affected.length);
}

const hasNote = (model: ModelReport): boolean => sayNotes(model).length > 0;

function tableOfModels(affected: readonly ModelReport[]): readonly Part[] {
  const table = (max: number): string => {
    const rows = affected
      .slice(0, max)
      .map((model) => [
        escapeProse(model.name, 100),
        `${lightOf(model.verdict)} ${sayAnswer(model)}`,
        escapeProse(model.production ?? "—", 40),
      ]);
    const more = affected.length - rows.length;
    return `${markdownTable([["model", "verdict", "production"], ...rows], { alignDelimiters: false })}${more > 0 ? `\n\nand ${formatCount(more)} more models` : ""}`;
  };
  return [{ name: "table of models", priority: 100, versions: [200, 60, 20].map(table) }];
}

/** One model's parts behind a fold; the worst are folded out of the way last. */
function foldModel(model: ModelReport): readonly Part[] {
  const parts = modelParts(model);
  if (parts.length === 0) return [];
  const body = (budget: number): string => {
    const { text, shortened } = fitBudget(parts, budget);
    return [closeFolds(text), shortened.length === 0 ? "" : `Shortened here: ${shortened.join(", ")}`]
      .filter((part) => part !== "")
      .join("\n\n");
  };
  const summary = `${lightOf(model.verdict)} ${summaryText(model.name, 100)}`;
  const versions = [20_000, 6_000, 2_000].map((budget) => fold(summary, body(budget)));
  return [
    {
      name: `details of ${summaryText(model.name, 100)}`,
      priority: 50 - Math.min(40, severityOf(model.verdict) / 4),
      versions: [...versions, ""],
    },
  ];
}

/** A text that was cut in the middle of a fence or a fold must not swallow what follows. */
function closeFolds(text: string): string {
  if (!text.endsWith("\n…")) return text;
  const fences = [...text.matchAll(/^(`{3,})[a-z]*$/gm)].map(([, fence]) => fence ?? "");
  const open = fences.length % 2 === 1 ? `\n${fences.at(-1) ?? ""}` : "";
  const folds = text.split("<details>").length - text.split("</details>").length;
  return `${text}${open}${"\n\n</details>".repeat(Math.max(0, folds))}`;
}

function sayShortened(shortened: readonly string[]): string {
  const names = [...new Set(shortened)];
  if (names.length === 0) return "";
  const shown = `${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${formatCount(names.length - 4)} more` : ""}`;
  return `Shortened to fit into a comment: ${shown}. The rest is in the logs of the workflow run and on the branch \`trainyard\`.`;
}

function renderFooter(input: ReportInput): string {
  const words = input.problem === undefined && input.isLocal !== true ? ["`/train --again`", "`/help`"] : [];
  return `<sub>${[`For head ${escapeCell(input.head.slice(0, 7))}`, ...words].join(" · ")}</sub>`;
}
