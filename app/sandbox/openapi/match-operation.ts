import { readDescription, type Operation } from "./description.ts";

export type MatchedOperation = {
  /** "METHOD /path/{template}" */
  key: string;
  operation: Operation;
  /** decoded path parameters */
  params: Readonly<Record<string, string>>;
};

type Route = { key: string; method: string; pattern: RegExp; names: readonly string[]; rank: string };

let routes: readonly Route[] | undefined;

/** The operation that GitHub describes for a method and a path (without query), the most literal template first. */
export function matchOperation(method: string, path: string): MatchedOperation | undefined {
  routes ??= Object.entries(readDescription().operations)
    .map(([key, operation]) => compileRoute(key, operation))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  for (const { key, method: wanted, pattern, names } of routes) {
    if (wanted !== method) continue;
    const found = pattern.exec(path);
    const operation = readDescription().operations[key];
    if (found === null || operation === undefined) continue;
    const params = names.map((name, index): [string, string] => [name, decode(found[index + 1] ?? "")]);
    return { key, operation, params: Object.fromEntries(params) };
  }
  return undefined;
}

function compileRoute(key: string, operation: Operation): Route {
  const [method = "", template = ""] = key.split(" ");
  const names: string[] = [];
  const multi = new Set(operation.parameters.filter((one) => one.multi).map((one) => one.name));
  const source = template
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith("{")) return part.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
      const name = part.slice(1, -1);
      names.push(name);
      return multi.has(name) ? "(.+?)" : "([^/]+)";
    })
    .join("");
  // literal segments sort before parameters, those before parameters that span slashes, the last of all at the end
  const segments = template.split("/");
  const rank = segments
    .map((segment, index) => {
      if (!segment.startsWith("{")) return "0";
      if (!multi.has(segment.slice(1, -1))) return "1";
      return index < segments.length - 1 ? "2" : "3";
    })
    .join("");
  return { key, method, pattern: new RegExp(`^${source}$`), names, rank };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
