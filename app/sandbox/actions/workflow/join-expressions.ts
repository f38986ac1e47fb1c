/** Text with `${{ }}` in it as one expression: the inside where there is nothing else, otherwise a `format(…)`. */
export function joinExpressions(text: string): string {
  const parts = split(text);
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "expression") return only.source;
  const args: string[] = [];
  const format = parts.map((part) => {
    if (part.kind === "expression") return `{${args.push(part.source) - 1}}`;
    return part.text.replaceAll("'", "''").replaceAll("{", "{{").replaceAll("}", "}}");
  });
  return `format('${format.join("")}'${args.map((arg) => `, ${arg}`).join("")})`;
}

type Part = { kind: "text"; text: string } | { kind: "expression"; source: string };

function split(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("${{", at);
    const end = start < 0 ? -1 : endOfExpression(text, start + 3);
    if (end < 0) {
      parts.push({ kind: "text", text: text.slice(at) });
      break;
    }
    if (start > at) parts.push({ kind: "text", text: text.slice(at, start) });
    parts.push({ kind: "expression", source: text.slice(start + 3, end).trim() });
    at = end + 2;
  }
  return parts;
}

/** Where the `}}` stands; braces in quotes do not count. */
function endOfExpression(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted;
    else if (!quoted && text.startsWith("}}", at)) return at;
  }
  return -1;
}
