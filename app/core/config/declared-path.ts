/** Says what is wrong with the path of a file or folder that a command writes, as the end of a sentence, or undefined. */
export function findPathMistake(text: string): string | undefined {
  if (text.length > 256) return `it has ${text.length} characters: at most 256`;
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) return "it holds a control character";
  if (text.includes("\\")) return 'it holds "\\": folders are separated by "/"';
  if (text.startsWith("/") || text.startsWith("~") || /^[A-Za-z]:/.test(text))
    return "it is absolute: paths start in the folder that the command runs in";
  if (/[*?]/.test(text)) return "it is a pattern: write the path of one file or folder";
  if (text.endsWith("/")) return `it ends with "/": write "${text.replace(/\/+$/, "")}"`;
  for (const segment of text.split("/")) {
    if (segment === "") return 'it holds "//"';
    if (segment === "..") return 'it holds "..": paths stay inside the folder that the command runs in';
    if (segment === ".") return 'it holds ".": write the path without it';
    if (segment.endsWith(".") || segment !== segment.trim())
      return `"${segment}" ends with a dot or has spaces around it`;
    if (segment.toLowerCase() === ".git") return 'it holds ".git"';
  }
  return undefined;
}
