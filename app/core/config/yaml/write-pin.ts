import { isMap, isScalar, parseDocument, type Node, type Pair, type YAMLMap } from "yaml";
import type { ModelName, Version } from "#core/names.ts";
import { parseConfig } from "#core/config/parse.ts";

/**
 * The config with this version pinned, every other byte as it was: comments, order and spelling are the team's own.
 * Undefined where the file is written in a way that this cannot edit for certain: then a person has to.
 */
export function writePin(text: string, model: ModelName, version: Version): string | undefined {
  const edited = edit(text, model, version);
  return edited !== undefined && isOnlyPin(text, edited, model, version) ? edited : undefined;
}

function edit(text: string, model: ModelName, version: Version): string | undefined {
  const document = parseDocument(text, { keepSourceTokens: true });
  const models = find(document.contents, "models")?.value;
  const entry = find(models, model)?.value;
  if (!isMap(entry)) return undefined;
  const promote = find(entry, "promote");
  if (promote === undefined) return insert(text, entry, `promote: { pin: ${version} }`);
  const settings = promote.value;
  if (isMap(settings)) {
    const pin = find(settings, "pin")?.value;
    return pin === undefined ? insert(text, settings, `pin: ${version}`) : replace(text, pin, version);
  }
  return undefined;
}

function find(node: unknown, key: string): Pair<unknown, unknown> | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** Before the first entry, in the way that the map is written in. */
function insert(text: string, map: YAMLMap, line: string): string | undefined {
  const start = map.range?.[0];
  if (start === undefined) return undefined;
  if (map.flow === true) {
    const rest = text.slice(start + 1);
    return `${text.slice(0, start + 1)} ${line}${map.items.length === 0 ? " " : ","}${/^\s/.test(rest) || map.items.length === 0 ? "" : " "}${rest}`;
  }
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  if (before.trim() !== "") return undefined;
  const ending = text.includes("\r\n") ? "\r\n" : "\n";
  return `${text.slice(0, start)}${line}${ending}${before}${text.slice(start)}`;
}

function replace(text: string, node: unknown, version: Version): string | undefined {
  const range = isScalar(node) ? (node as Node).range : undefined;
  return range === undefined || range === null
    ? undefined
    : `${text.slice(0, range[0])}${version}${text.slice(range[1])}`;
}

/** Does what was written say what was said before, and the pin? */
function isOnlyPin(before: string, after: string, model: ModelName, version: Version): boolean {
  const [old, now] = [parseConfig(before), parseConfig(after)];
  if (old.kind !== "config" || now.kind !== "config") return false;
  const write = (models: typeof old.config.models): string =>
    JSON.stringify(
      [...models.values()].map((entry) =>
        entry.name === model ? { ...entry, promote: pinned(entry.promote) } : entry,
      ),
    );
  const pinned = (promote: object): object => ({ ...promote, pin: version });
  return now.config.models.get(model)?.promote.pin === version && write(old.config.models) === write(now.config.models);
}
