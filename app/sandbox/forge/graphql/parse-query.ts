/** One selection of a GraphQL query: a field under the name that it is answered by, or what holds for one type only. */
export type Selection =
  | { kind: "field"; name: string; alias: string; args: ReadonlyMap<string, Value>; selections: readonly Selection[] }
  | { kind: "on"; type: string; selections: readonly Selection[] };
export type Value = { kind: "text"; text: string } | { kind: "variable"; name: string };

/** What the sandbox cannot read: no GraphQL, or more of it than it knows. */
export class QueryError extends Error {}

const token = /\s*(?:(?<name>[A-Za-z_]\w*)|(?<text>"(?:[^"\\\n]|\\.)*")|(?<mark>\.\.\.|[{}():!$]))[\s,]*/y;

/**
 * Reads one query: variables, aliases, text arguments, nested fields and inline fragments. Mutations, named fragments,
 * lists and directives are refused. The text is the caller's. Throws `QueryError`.
 */
export function parseQuery(text: string): readonly Selection[] {
  const tokens = split(text);
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const take = (wanted?: string): string => {
    const found = tokens[at++];
    if (found === undefined || (wanted !== undefined && found !== wanted))
      throw new QueryError(`expected ${wanted ?? "more"}, found ${found ?? "the end"}`);
    return found;
  };
  const takeName = (): string => {
    const name = take();
    if (!/^\w+$/.test(name)) throw new QueryError(`expected a name, found ${name}`);
    return name;
  };
  const readValue = (): Value => {
    if (peek() === "$") {
      take();
      return { kind: "variable", name: takeName() };
    }
    const written = take();
    if (!written.startsWith('"')) throw new QueryError(`expected a text or a variable, found ${written}`);
    return { kind: "text", text: String(JSON.parse(written)) };
  };
  const readArguments = (): Map<string, Value> => {
    const args = new Map<string, Value>();
    if (peek() !== "(") return args;
    take();
    while (peek() !== ")") {
      const name = takeName();
      take(":");
      args.set(name, readValue());
    }
    take(")");
    return args;
  };
  const readSelections = (): Selection[] => {
    take("{");
    const selections: Selection[] = [];
    while (peek() !== "}") selections.push(readSelection());
    take("}");
    return selections;
  };
  const readSelection = (): Selection => {
    if (peek() === "...") {
      take();
      take("on");
      return { kind: "on", type: takeName(), selections: readSelections() };
    }
    const first = takeName();
    const renamed = peek() === ":";
    if (renamed) take(":");
    const name = renamed ? takeName() : first;
    const args = readArguments();
    return { kind: "field", name, alias: first, args, selections: peek() === "{" ? readSelections() : [] };
  };
  if (peek() === "query") {
    take();
    if (peek() === "(") skipDeclarations(take, peek);
  }
  const selections = readSelections();
  if (peek() !== undefined) throw new QueryError(`expected the end, found ${peek() ?? ""}`);
  return selections;
}

function skipDeclarations(take: () => string, peek: () => string | undefined): void {
  while (peek() !== ")") take();
  take();
}

function split(text: string): readonly string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const from = token.lastIndex;
    const groups = token.exec(text)?.groups;
    if (groups === undefined) {
      if (text.slice(from).trim() === "") break;
      throw new QueryError(`cannot read "${text.slice(from, from + 40)}"`);
    }
    tokens.push(groups["name"] ?? groups["text"] ?? groups["mark"] ?? "");
  }
  return tokens;
}
