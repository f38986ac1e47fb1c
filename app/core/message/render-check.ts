import { escapeProse, plainLine } from "./escape.ts";
import { commentBudget, fitBudget } from "./fit-budget.ts";
import { reportParts } from "./render-report.ts";
import type { ReportInput } from "./report-input.ts";

/**
 * Title and summary of the check on one head: the report's own first line as plain text, at most 200 characters, and
 * below it what the report says.
 */
export function renderCheck(input: ReportInput): { title: string; summary: string } {
  const { headline, parts } = reportParts(input);
  const { text } = fitBudget(parts, commentBudget - headline.length - 2);
  return { title: plainTitle(headline), summary: text === "" ? headline : `${headline}\n\n${text}` };
}

/** A headline of ours without its Markdown: escapes, code spans and zero-width spaces mean nothing in a title. */
export function plainTitle(headline: string): string {
  const text = headline
    .replace(/\\([\\`*[\]<~|_>=:#+-])/g, "$1")
    .replaceAll("`", "")
    .replaceAll("&#36;", "$")
    .replaceAll("&amp;", "&")
    // what keeps "@" and "#" from being links in Markdown is no part of a title
    .replaceAll("\u200b", "");
  return plainLine(text, 200);
}

/** The same where judging did not come to an end. `because`: the sentence of what failed, untrusted. */
export function renderUnjudged(because: string): { title: string; summary: string } {
  return {
    title: "Could not be judged",
    summary: `${escapeProse(because, 4_000)}\n\nIt is looked at again within a quarter of an hour, after the next push, or when you press "Re-run".`,
  };
}
