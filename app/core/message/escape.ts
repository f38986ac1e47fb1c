// oxlint-disable-next-line no-control-regex -- they are what must not get through
const replaced = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
// oxlint-disable-next-line no-control-regex -- the same, but tab and line feed
const replacedInBlocks = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const zeroWidthSpace = "\u200b";

/** One line without characters that hide, reorder or break: controls become spaces, at most `max` code points. */
export function plainLine(text: string, max: number): string {
  // Cut early: a text of megabytes is not normalised to show 80 characters of it.
  const clean = cut(text, max * 4)
    .normalize("NFC")
    .replace(replaced, " ")
    .trim();
  const points = Array.from(clean);
  return points.length > max ? `${points.slice(0, max - 1).join("")}…` : clean;
}

/** Lines for a terminal, each character as it is but for those that hide, reorder or steer: they become spaces. */
export function plainLines(text: string): string {
  return text.replace(replacedInBlocks, " ");
}

/**
 * A code span that is safe in a sentence and in a table cell, whatever a stranger wrote: no link, mention, image, markup
 * or second cell. At most 80 code points; nothing becomes a dash.
 */
export function escapeCell(text: string, max = 80): string {
  const line = plainLine(text, max);
  if (line === "") return "—";
  const shown = line.replace(/[@#]/g, `$&${zeroWidthSpace}`).replaceAll("|", "¦").replaceAll("\\", "⧵");
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(shown) ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/**
 * Running text that shows exactly the characters it is given: sentences of ours that quote what strangers wrote. Markup,
 * mentions, references and bare addresses stay text. Safe in headings, paragraphs and table cells; one line.
 */
export function escapeProse(text: string, max = 1_000): string {
  return plainLine(text, max)
    .replaceAll("&", "&amp;")
    .replace(/[\\`*[\]<~|]/g, "\\$&")
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\_")
    .replaceAll("@", `${zeroWidthSpace}@${zeroWidthSpace}`)
    .replaceAll("#", `#${zeroWidthSpace}`)
    .replaceAll("$", "&#36;")
    .replace(/\b(?:https?|ftp|mailto|xmpp)(?=:)|\bwww(?=\.)|\bGH(?=-\d)/gi, `$&${zeroWidthSpace}`)
    .replace(/^(?:[-+>=:]|#|\d+(?=[.)]))/, (start) => (/^\d/.test(start) ? `${start}${zeroWidthSpace}` : `\\${start}`));
}

/** A clause as a sentence: begins with a capital and ends with a stop. For text that went through `escapeProse`. */
export function asSentence(clause: string): string {
  if (clause === "") return "";
  const said = `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
  return /[.!?…]$/.test(said) ? said : `${said}.`;
}

/** A fenced block whose fence is longer than any run of backticks inside; lines are kept, control characters are not. */
export function codeBlock(text: string, language = ""): string {
  const shown = text.normalize("NFC").replace(/\r\n?/g, "\n").replace(replacedInBlocks, " ");
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${shown.replace(/\n+$/, "")}\n${fence}`;
}

/** The end of a log: at most so many characters, from the beginning of a line where there is one. */
export function tail(text: string, maxCharacters: number): string {
  const trimmed = text.trimEnd();
  if (trimmed.length <= maxCharacters) return trimmed;
  const end = trimmed.slice(trimmed.length - maxCharacters + 2).replace(/^[\udc00-\udfff]/, "");
  const line = end.indexOf("\n");
  return `…\n${line >= 0 && line < end.length / 2 ? end.slice(line + 1) : end}`;
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\ud800-\udbff]$/, "");
}
