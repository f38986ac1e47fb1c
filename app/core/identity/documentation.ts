const endings = [".md", ".markdown", ".rst", ".adoc"];
const names = new Set([
  "authors",
  "changelog",
  "citation.cff",
  "code_of_conduct",
  "codeowners",
  "contributing",
  "contributors",
  "copying",
  "licence",
  "license",
  "notice",
  "readme",
  "security",
]);

/**
 * Files that change no model where a model declares no inputs: everything under `docs/` or `doc/` at the root, Markdown
 * and its kin anywhere, and files anywhere that are called LICENSE, README and so on, bare or with `.txt`. ASCII case
 * does not count.
 */
export function isDocumentation(path: string): boolean {
  if (path.startsWith("docs/") || path.startsWith("doc/")) return true;
  const name = path.slice(path.lastIndexOf("/") + 1).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (endings.some((ending) => name.endsWith(ending))) return true;
  return names.has(name.endsWith(".txt") ? name.slice(0, -4) : name);
}
