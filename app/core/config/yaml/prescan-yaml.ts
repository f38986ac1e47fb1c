/** Where a text first goes wrong: offset in the text, and what is wrong. */
export type ScanMistake = { offset: number; message: string };

const deepest = 32;

/**
 * Looks for what must not reach a YAML parser (deep nesting can end the process) or a person (control characters), in
 * one pass. Counts conservatively: brackets in quotes and indented lines of scripts count too. Text is untrusted.
 */
export function prescanYaml(text: string): ScanMistake | undefined {
  const control = text.search(
    // oxlint-disable-next-line no-control-regex -- these are what is looked for
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]|\r(?!\n)/,
  );
  if (control !== -1) {
    const code = text.charCodeAt(control).toString(16).toUpperCase().padStart(4, "0");
    return { offset: control, message: `there is a control character (U+${code}): remove it` };
  }
  const offset = findDeepBracket(text) ?? findDeepIndent(text);
  if (offset === undefined) return undefined;
  return { offset, message: `it is nested more than ${deepest} levels deep: at most ${deepest} are read` };
}

function findDeepBracket(text: string): number | undefined {
  let depth = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const sign = text[offset];
    if (sign === "[" || sign === "{") depth += 1;
    else if ((sign === "]" || sign === "}") && depth > 0) depth -= 1;
    if (depth > deepest) return offset;
  }
  return undefined;
}

/** Each deeper indentation is a level, and so is each `- `, `? ` and `: ` that starts a line. */
function findDeepIndent(text: string): number | undefined {
  const columns: number[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const lead = /^ */.exec(line)?.[0].length ?? 0;
    const starts = [lead];
    const marker = /[-?:][ \t]+/y;
    marker.lastIndex = lead;
    while (marker.test(line)) starts.push(marker.lastIndex);
    if (line.trim() !== "") {
      while ((columns.at(-1) ?? -1) >= lead) columns.pop();
      columns.push(...starts);
      if (columns.length > deepest) return start + lead;
    }
    start += line.length + 1;
  }
  return undefined;
}
