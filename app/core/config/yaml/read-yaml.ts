import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Node, type ParsedNode } from "yaml";
import { prescanYaml } from "./prescan-yaml.ts";

/** Keys and indexes from the root. */
export type Path = readonly (string | number)[];
type Position = { line: number; column: number };
/** A mistake in the text itself. */
type TextProblem = Position & { path: Path; message: string };

export type ReadYaml = {
  /** plain objects, arrays and scalars; undefined where the text could not be read as YAML */
  value: unknown;
  problems: readonly TextProblem[];
  /** Where a value, or the key before it, stands. Of what is not there: where its nearest parent does. */
  locate(path: Path, at: "key" | "value"): Position;
};

type Place = { key: number; value: number; children: Map<string | number, Place> };

const mostBytes = 65_536;

/**
 * Reads untrusted YAML 1.2 into plain values that know where they stand. At most 64 KB and 32 levels; no anchors,
 * aliases or tags; each key once.
 */
export function readYaml(bytes: Uint8Array | string): ReadYaml {
  const raw = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  if (raw.length > mostBytes) return refuse("", 0, `the file has ${raw.length} bytes: at most ${mostBytes} are read`);
  const { text, broken } = decode(raw);
  if (broken !== undefined) return refuse(text, broken, "the file is not UTF-8: save it as UTF-8");
  const mistake = prescanYaml(text);
  if (mistake !== undefined) return refuse(text, mistake.offset, mistake.message);
  return convert(text);
}

function refuse(text: string, offset: number, message: string): ReadYaml {
  const before = text.slice(0, offset).split("\n");
  const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  return { value: undefined, problems: [{ path: [], ...position, message }], locate: () => position };
}

/** The text without byte order mark; where it stops being UTF-8 only what comes before, and `broken` is its length. */
function decode(bytes: Uint8Array): { text: string; broken: number | undefined } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), broken: undefined };
  } catch {
    const text = new TextDecoder().decode(bytes);
    const written = text.indexOf("\ufffd");
    return { text: text.slice(0, written), broken: Math.max(0, written) };
  }
}

function convert(text: string): ReadYaml {
  const counter = new LineCounter();
  // Keys are compared in `readMap`: the parser's own comparison takes seconds on thousands of keys
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: counter,
  });
  const problems: TextProblem[] = [];
  const position = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const report = (path: Path, offset: number, message: string): void => {
    problems.push({ path, ...position(offset), message });
  };
  // One slip breaks much of what follows it: of each line only what came first is told
  const lines = new Set<number>();
  for (const error of document.errors) {
    const { line } = position(error.pos[0]);
    if (!lines.has(line) && lines.size < 20) report([], error.pos[0], explain(error.code, error.message));
    lines.add(line);
  }
  const root: Place = { key: 0, value: 0, children: new Map() };
  if (problems.length > 0) return { value: undefined, problems, locate: () => position(0) };
  const value = readNode(document.contents, [], root, report);
  return { value, problems, locate: (path, at) => position(findOffset(root, path, at)) };
}

function explain(code: string, message: string): string {
  if (code === "MULTIPLE_DOCS") return 'there is a second document: the file holds one, remove "---" and what follows';
  if (code === "TAB_AS_INDENT") return "a tab indents this line: indent with spaces";
  const hint = code === "BAD_SCALAR_START" || code === "BLOCK_AS_IMPLICIT_KEY" ? ": write the text in quotes" : "";
  return `this is not YAML: ${message.slice(0, 200)}${hint}`;
}

function findOffset(root: Place, path: Path, at: "key" | "value"): number {
  let place = root;
  for (const [depth, key] of path.entries()) {
    const child = place.children.get(key);
    if (child === undefined) return depth === 0 ? 0 : place.key;
    place = child;
  }
  return at === "key" ? place.key : place.value;
}

type Report = (path: Path, offset: number, message: string) => void;

function readNode(node: unknown, path: Path, place: Place, report: Report): unknown {
  if (!isNode(node)) return null;
  const offset = startOf(node) ?? place.key;
  place.value = offset;
  if (isAlias(node)) {
    const written = `"*${node.source.slice(0, 60)}"`;
    const pattern = /[*?./]/.test(node.source);
    const because = pattern
      ? "is an alias to YAML: write a pattern that starts with * in quotes"
      : "refers to an anchor: anchors and aliases are not read, write the value out";
    report(path, offset, `${written} ${because}`);
    return undefined;
  }
  if (node.anchor !== undefined) {
    report(
      path,
      offset,
      `"&${node.anchor.slice(0, 60)}" sets an anchor: anchors and aliases are not read, write the value out`,
    );
  }
  if (node.tag !== undefined) report(path, offset, `the tag "${node.tag.slice(0, 60)}" is not read: remove it`);
  if (isMap(node)) return readMap(node.items, path, place, report);
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const child: Place = { key: startOf(item) ?? offset, value: offset, children: new Map() };
      place.children.set(index, child);
      return readNode(item, [...path, index], child, report);
    });
  }
  const value: unknown = isScalar(node) ? node.value : undefined;
  const letter = typeof value === "string" ? findBadLetter(value) : undefined;
  if (letter === undefined) return value;
  report(path, offset, `the text holds ${letter}, which no setting can hold: remove it`);
  return undefined;
}

/** Escapes in quotes can write what the file itself may not hold. */
function findBadLetter(text: string): string | undefined {
  if (!text.isWellFormed()) return "half a surrogate pair";
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  const [letter] = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/.exec(text) ?? [];
  return letter === undefined
    ? undefined
    : `the control character U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function readMap(
  items: readonly { key: unknown; value: unknown }[],
  path: Path,
  place: Place,
  report: Report,
): unknown {
  const values: Record<string, unknown> = {};
  for (const { key, value } of items) {
    const offset = startOf(key) ?? place.value;
    const name = isScalar(key) && key.anchor === undefined && key.tag === undefined ? nameOf(key) : undefined;
    if (name === undefined) {
      report(path, offset, "this key is not plain text: write a word");
      continue;
    }
    if (name === "__proto__") {
      report([...path, name], offset, `"${name}" cannot be a key: choose another name`);
      continue;
    }
    const child: Place = { key: offset, value: offset, children: new Map() };
    if (Object.hasOwn(values, name)) {
      report([...path, name], offset, `"${name.slice(0, 100)}" is there twice: keep one`);
      readNode(value, [...path, name], child, report);
      continue;
    }
    place.children.set(name, child);
    values[name] = readNode(value, [...path, name], child, report);
  }
  return values;
}

function nameOf({ value, source }: { value: unknown; source?: string }): string | undefined {
  if (typeof value === "string") return findBadLetter(value) === undefined ? value : undefined;
  return value === null || value === "" ? undefined : source;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node | ParsedNode).range?.[0] : undefined;
}
