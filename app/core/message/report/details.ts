import { plainLine } from "#core/message/escape.ts";

/** A fold: `summary` is Markdown of ours in one line, `body` any Markdown. "" where the body is. */
export function fold(summary: string, body: string): string {
  if (body === "") return "";
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** A bullet list of sentences; what exceeds `max` is counted. */
export function bullets(sentences: readonly string[], max = 20): string {
  const shown = sentences.slice(0, max).map((sentence) => `- ${sentence}`);
  const more = sentences.length - shown.length;
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

/** Text for `<summary>`, where Markdown is not read: markup as entities, no mention, no reference. */
export function summaryText(text: string, max = 200): string {
  return plainLine(text, max)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[@#]/g, "\u200b$&\u200b")
    .replaceAll("$", "&#36;")
    .replace(/\b(?:https?|ftp)(?=:)|\bwww(?=\.)|\bGH(?=-\d)/gi, "$&\u200b");
}
