import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import type { Expr } from "@actions/expressions";
import { FunctionCall } from "@actions/expressions/ast";
import type { Token } from "@actions/expressions/lexer";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import { fromExpressionData, toExpressionData } from "./expression-data.ts";

/** What the status functions answer at this place; names are those of jobs, which only a job's `if` may give. */
export type StatusFunctions = {
  success(names: readonly string[]): boolean;
  failure(names: readonly string[]): boolean;
  cancelled(): boolean;
};

/** Where an expression is evaluated: contexts by name, as plain values, and the functions of the place. */
export type Scope = {
  contexts: Readonly<Record<string, unknown>>;
  status?: StatusFunctions;
  hashFiles?(patterns: readonly string[]): string;
};

export const contextNames = [
  "env",
  "github",
  "inputs",
  "job",
  "jobs",
  "matrix",
  "needs",
  "runner",
  "secrets",
  "steps",
  "strategy",
  "vars",
];

const functionNames = ["success", "failure", "always", "cancelled", "hashFiles"];
const parsed = new Map<string, Expr>();

/** Evaluates the inside of a `${{ }}` to a plain value; throws a sentence that names the expression. */
export function evaluateExpression(source: string, scope: Scope): unknown {
  return fromExpressionData(evaluate(source, scope));
}

/** Evaluates an `if:`. Without a status function it means `success() && (…)`. */
export function evaluateCondition(source: string | undefined, scope: Scope): boolean {
  const condition = source === undefined || source === "" ? "success()" : source;
  const full = asksForStatus(condition) ? condition : `success() && (${condition})`;
  return isTruthy(evaluate(full, scope));
}

function evaluate(source: string, scope: Scope): data.ExpressionData {
  try {
    return new Evaluator(parse(source), new Contexts(scope.contexts), functionsOf(scope)).evaluate();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`The expression "${source}" cannot be evaluated: ${cause}`, { cause: error });
  }
}

function parse(source: string): Expr {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const expression = new Parser(
    lex(source),
    contextNames,
    functionNames.map((name) => ({ name, minArgs: 0, maxArgs: 255 })),
  ).parse();
  parsed.set(source, expression);
  return expression;
}

/** The lexer undoubles only the first quote of a text. */
function lex(source: string): Token[] {
  return new Lexer(source)
    .lex()
    .tokens.map((token) =>
      token.lexeme.startsWith("'") ? { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") } : token,
    );
}

/** Converts a context only when an expression asks for it. */
class Contexts extends data.Dictionary {
  readonly #plain: Readonly<Record<string, unknown>>;
  constructor(plain: Readonly<Record<string, unknown>>) {
    super();
    this.#plain = plain;
  }
  override get(key: string): data.ExpressionData {
    return toExpressionData(this.#plain[key.toLowerCase()]);
  }
}

function functionsOf(scope: Scope): Map<string, FunctionDefinition> {
  const texts = (args: readonly data.ExpressionData[]): string[] => args.map((arg) => arg.coerceString());
  const status = scope.status;
  const define = (
    name: string,
    call: (...args: data.ExpressionData[]) => data.ExpressionData,
  ): [string, FunctionDefinition] => [name, { name, minArgs: 0, maxArgs: 255, call }];
  return new Map([
    define("always", () => new data.BooleanData(true)),
    define("success", (...args) => new data.BooleanData(status?.success(texts(args)) ?? true)),
    define("failure", (...args) => new data.BooleanData(status?.failure(texts(args)) ?? false)),
    define("cancelled", () => new data.BooleanData(status?.cancelled() ?? false)),
    define("hashfiles", (...args) => new data.StringData(scope.hashFiles?.(texts(args)) ?? "")),
  ]);
}

function isTruthy(value: data.ExpressionData): boolean {
  const plain = fromExpressionData(value);
  return typeof plain === "number" ? plain !== 0 && !Number.isNaN(plain) : Boolean(plain);
}

/** Whether a status function is called anywhere inside. */
function asksForStatus(source: string): boolean {
  const names = new Set(["success", "failure", "always", "cancelled"]);
  const visit = (node: unknown): boolean => {
    if (Array.isArray(node)) return node.some(visit);
    if (typeof node !== "object" || node === null) return false;
    if (node instanceof FunctionCall && names.has(node.functionName.lexeme.toLowerCase())) return true;
    return Object.values(node).some(visit);
  };
  return visit(parse(source));
}
