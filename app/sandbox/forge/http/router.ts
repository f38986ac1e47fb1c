import type { RouteOptions } from "#sandbox/forge/contract.ts";

export type Route = {
  method: string;
  /** as OpenAPI spells it: "GET /repos/{owner}/{repo}/contents/{path}" */
  operation: string;
  options: RouteOptions<never>;
};
type Compiled = { route: Route; shape: RegExp; names: readonly string[]; rank: string };
export type Match = { route: Route; params: Record<string, string> };

/** Finds the route of a path. Templates: `{name}` is one segment, `{name...}` the rest; the most literal one wins. */
export class Router {
  readonly #routes = new Map<string, Compiled[]>();

  add(pattern: string, options: RouteOptions<never>): void {
    const [method = "", template = ""] = pattern.split(" ", 2);
    const operation = pattern.replaceAll("...}", "}");
    const key = `${options.base ?? "api"} ${method}`;
    const list = this.#routes.get(key) ?? [];
    if (list.some(({ route }) => route.operation === operation)) {
      throw new Error(`Route "${pattern}" is registered twice`);
    }
    list.push({ route: { method, operation, options }, ...compile(template) });
    list.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    this.#routes.set(key, list);
  }

  /** `path` is raw: percent-encoded slashes stay inside a segment. Throws URIError for a broken encoding. */
  find(base: "api" | "uploads", method: string, path: string): Match | undefined {
    for (const { route, shape, names } of this.#routes.get(`${base} ${method}`) ?? []) {
      const found = shape.exec(path);
      if (found === null) continue;
      const params = names.map((name, index): [string, string] => [name, decodeURIComponent(found[index + 1] ?? "")]);
      return { route, params: Object.fromEntries(params) };
    }
    return undefined;
  }

  /** Methods that this path has. */
  methods(base: "api" | "uploads", path: string): string[] {
    return [...this.#routes.entries()]
      .filter(([key, list]) => key.startsWith(`${base} `) && list.some(({ shape }) => shape.test(path)))
      .map(([key]) => key.slice(base.length + 1));
  }
}

/** `rank` sorts literal segments before parameters, and those before a rest. */
function compile(template: string): Pick<Compiled, "shape" | "names" | "rank"> {
  const names: string[] = [];
  let rank = "";
  const source = template
    .slice(1)
    .split("/")
    .map((segment) => {
      const rest = /^\{(\w+)\.\.\.\}$/.exec(segment)?.[1];
      if (rest !== undefined) {
        names.push(rest);
        rank += "3";
        return "(.*)";
      }
      if (!segment.includes("{")) {
        rank += "1";
        return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      }
      rank += "2";
      return segment.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        names.push(name);
        return "([^/]+)";
      });
    })
    .join("/");
  // a rest with more behind it (commits/{ref...}/check-runs) comes before one at the end (commits/{ref...})
  rank += rank.endsWith("3") ? "9" : "0";
  // a rest may be empty: the contents of the root folder
  return { names, rank, shape: new RegExp(`^/${source.replace(/\/\(\.\*\)$/, "(?:/(.*))?")}$`) };
}
