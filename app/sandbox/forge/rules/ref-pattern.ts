/**
 * Does a pattern of a ruleset mean this ref? GitHub's are fnmatch with paths kept apart: `*` and `?` stop at a slash, `**`
 * does not, `[a-z]` is one character. `~ALL` and `~DEFAULT_BRANCH` stand for what they say.
 */
export function matchesRef(pattern: string, ref: string, defaultBranch: string): boolean {
  if (pattern === "~ALL") return true;
  if (pattern === "~DEFAULT_BRANCH") return ref === `refs/heads/${defaultBranch}`;
  const parts = pattern.match(/\*\*\/|\*\*|\*|\?|\[[^\]]+\]|./gs) ?? [];
  return new RegExp(`^${parts.map(translate).join("")}$`, "s").test(ref);
}

function translate(part: string): string {
  switch (part) {
    case "**/":
      return "(?:[^/]+/)*";
    case "**":
      return ".*";
    case "*":
      return "[^/]*";
    case "?":
      return "[^/]";
    default:
      if (part.length > 1) return part.replace(/^\[!/, "[^").replaceAll("\\", String.raw`\\`);
      return part.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  }
}
