/**
 * GitHub's filter patterns for branches, tags and paths: `*` any but `/`, `**` anything, `?` and `+` zero or one and one
 * or more of the character before, `[]` one of a set. No leading `!`: that belongs to lists (see `matchesList`).
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  let source = "";
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (pattern.startsWith("**/", index)) {
      source += "(?:.*/)?";
      index += 2;
    } else if (pattern.startsWith("**", index)) {
      source += ".*";
      index += 1;
    } else if (character === "*") source += "[^/]*";
    else if (character === "?" || character === "+") source += character;
    else if (character === "[" && pattern.includes("]", index)) {
      const end = pattern.indexOf("]", index);
      source += pattern.slice(index, end + 1);
      index = end;
    } else if (character === "\\") {
      index += 1;
      source += escape(pattern.charAt(index));
    } else source += escape(character);
  }
  const expression = new RegExp(`^${source}$`, "s");
  return (text) => expression.test(text);
}

/** Whether a list of patterns takes a text in; the last pattern that matches decides, `!` takes out. */
export function matchesList(patterns: readonly string[], text: string): boolean {
  let taken = false;
  for (const pattern of patterns) {
    const out = pattern.startsWith("!");
    if (compilePattern(out ? pattern.slice(1) : pattern)(text)) taken = !out;
  }
  return taken;
}

function escape(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
