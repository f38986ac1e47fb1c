/** A remote as DVC's config names it. `url` as written: a path is relative to the folder `.dvc`. */
export type DvcRemote = {
  name: string;
  url: string;
  endpoint: string | undefined;
  region: string | undefined;
};

/**
 * The default remote of DVC's config files, later ones (config.local) over earlier ones; undefined where none is named.
 * Keys and passwords that stand there are not read: credentials come from the environment alone.
 */
export function readDvcRemote(texts: readonly string[]): DvcRemote | undefined {
  const sections = readSections(texts);
  const name = sections.get("core")?.get("remote");
  if (name === undefined) return undefined;
  const remote = sections.get(`remote "${name}"`);
  const url = remote?.get("url");
  if (remote === undefined || url === undefined) return undefined;
  return { name, url, endpoint: remote.get("endpointurl"), region: remote.get("region") };
}

/** Does any of DVC's config files name a remote, the default one or another? */
export function namesDvcRemote(texts: readonly string[]): boolean {
  const sections = readSections(texts);
  return sections.get("core")?.has("remote") === true || [...sections.keys()].some((name) => /^remote\b/.test(name));
}

/** Where DVC's config says that its cache lies, relative to the folder `.dvc`; undefined where it says nothing. */
export function readDvcCache(texts: readonly string[]): string | undefined {
  return readSections(texts).get("cache")?.get("dir");
}

function readSections(texts: readonly string[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  for (const text of texts) readIni(text, sections);
  return sections;
}

function readIni(text: string, sections: Map<string, Map<string, string>>): void {
  let section = new Map<string, string>();
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || /^[#;]/.test(line)) continue;
    const named = /^\[\s*(.*?)\s*\]$/.exec(line)?.[1];
    if (named !== undefined) {
      const name = unquote(named).replaceAll(/\s+/g, " ");
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      continue;
    }
    const at = line.indexOf("=");
    if (at > 0) section.set(line.slice(0, at).trim(), unquote(line.slice(at + 1).trim()));
  }
}

const unquote = (text: string): string => (/^'.*'$/.test(text) || /^"[^"]*"$/.test(text) ? text.slice(1, -1) : text);
