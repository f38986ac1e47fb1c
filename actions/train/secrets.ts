/**
 * The secrets that a task may see: of a dotenv text (NAME=value a line) only the names that the base branch's config
 * gives it. A name that is missing is an error: training without it would only fail later.
 */
export function readSecrets(text: string, names: readonly string[]): Record<string, string> {
  const all = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf("=");
    if (at > 0 && !line.startsWith("#")) all.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  const given: Record<string, string> = {};
  for (const name of names) {
    const value = all.get(name);
    if (value === undefined || value === "") {
      throw new Error(
        `The config names the secret "${name}", but the workflow was given none of that name: add "${name}=…" to the secret that you pass as "secrets"`,
      );
    }
    given[name] = value;
  }
  return given;
}
