import { alignColumns } from "./align-columns.ts";

/**
 * A comment of ours as a person reads it on a terminal: no HTML, no marks, tables in columns. What is folded away is left
 * out, or shown below its title.
 */
export function readable(markdown: string, options: { folds: "open" | "closed" } = { folds: "closed" }): string {
  const text = markdown.replaceAll(/<!--[\s\S]*?-->/g, "");
  const unfolded =
    options.folds === "open"
      ? text.replaceAll(/<details><summary>([^\n]*)<\/summary>/g, "▸ $1").replaceAll("</details>", "")
      : text.replaceAll(/<details>[\s\S]*?<\/details>/g, "");
  return splitBlocks(unfolded)
    .map((block) =>
      block.kind === "code"
        ? indent(block.lines)
        : block.kind === "table"
          ? alignTable(block.lines)
          : block.lines.map(plain).join("\n"),
    )
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

type Block = { kind: "text" | "table" | "code"; lines: string[] };

/** Code between fences is a stranger's log: nothing in it is a mark of ours. Charts are for who can look at them. */
function splitBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let fence: string | undefined;
  const add = (kind: Block["kind"], line: string): void => {
    const last = blocks.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  };
  for (const line of text.replaceAll(/^```mermaid\n[\s\S]*?\n```$/gm, "").split("\n")) {
    const mark = /^(`{3,})[a-z]*$/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && line === fence) fence = undefined;
    else add(fence !== undefined ? "code" : line.startsWith("|") ? "table" : "text", line);
  }
  return blocks;
}

const indent = (lines: readonly string[]): string => lines.map((line) => `    ${line}`.trimEnd()).join("\n");

function alignTable(lines: readonly string[]): string {
  const rows = lines.map((line) => splitRow(line));
  const right = (rows[1] ?? []).flatMap((cell, index) => (/^-+:$/.test(cell) ? [index] : []));
  const kept = rows.filter((row, index) => index !== 1 || !row.every((cell) => /^:?-+:?$/.test(cell)));
  return alignColumns(
    kept.map((row) => row.map(plain)),
    right,
  );
}

function splitRow(line: string): readonly string[] {
  const cells = line.split(/(?<!\\)\|/);
  return cells.slice(1, cells.at(-1)?.trim() === "" ? -1 : undefined).map((cell) => cell.trim());
}

/** Marks and escapes of ours taken off one line; code spans keep what they hold. */
function plain(line: string): string {
  return line
    .replaceAll(/[\u200B\u2060]/g, "")
    .replace(/^#{1,6} /, "")
    .split(/(`+[^`]*`+)/)
    .map((part) => (part.startsWith("`") ? part.replaceAll(/^`+ ?|  ?`+$|`+$/g, "") : unmark(part)))
    .join("");
}

function unmark(text: string): string {
  return text
    .replaceAll(/<\/?(?:sub|sup|b|i|code|summary)>/g, "")
    .replaceAll(/(?<!\\)\*\*/g, "")
    .replaceAll(/\\([\\`*[\]<~|_>=:#+-])/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#36;", "$")
    .replaceAll("&amp;", "&");
}
