import { parseDocument } from "yaml";
import { joinExpressions } from "./join-expressions.ts";
import type { MappingToken, SequenceToken, TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import type { BasicExpressionToken } from "@actions/workflow-parser/templates/tokens/basic-expression-token";

/** Where something stands in its file; both count from 1. */
export type Position = { line: number; column: number };

/** A value of a workflow file whose `${{ }}` have not been evaluated yet. */
export type Template =
  | { kind: "value"; value: string | number | boolean | null; at: Position }
  | { kind: "expression"; source: string; at: Position }
  | { kind: "list"; items: Template[]; at: Position }
  | { kind: "map"; entries: TemplateEntry[]; at: Position };

export type TemplateEntry = { key: string; keyAt: Position; value: Template };

/** The numbers that the parser gives its kinds of tokens. */
const tokenKind = { string: 0, sequence: 1, mapping: 2, expression: 3, null: 7 };

/** Turns the parser's token tree of a file into plain data. */
export function readTemplate(root: TemplateToken, content: string): Template {
  let plain: { value: unknown } | undefined;
  return read(root, () => (plain ??= { value: parseDocument(content, { uniqueKeys: false }).toJS() }).value);
}

/** `plain`: the same place in the file as YAML without expressions reads it. */
function read(token: TemplateToken, plain: () => unknown): Template {
  const at = positionOf(token);
  switch (token.templateTokenType) {
    case tokenKind.sequence:
      return {
        kind: "list",
        at,
        items: [...asSequence(token)].map((item, index) => read(item, () => inside(plain(), index))),
      };
    case tokenKind.mapping:
      return {
        kind: "map",
        at,
        entries: [...asMapping(token)].map(({ key, value }) => ({
          key: key.toString(),
          keyAt: positionOf(key),
          value: read(value, () => inside(plain(), key.toString())),
        })),
      };
    case tokenKind.expression:
      return { kind: "expression", at, source: expressionOf(token, plain) };
    case tokenKind.null:
      return { kind: "value", at, value: null };
    default:
      return { kind: "value", at, value: asLiteral(token).value };
  }
}

/**
 * Of text over several lines the parser takes the bytes of the file, indentation, folding and quotes included, for the
 * value; then the expression is built again from what YAML says.
 */
function expressionOf(token: TemplateToken, plain: () => unknown): string {
  const { range } = token;
  const value = range === undefined || range.start.line === range.end.line ? undefined : plain();
  return typeof value === "string" ? joinExpressions(value) : asExpression(token).expression;
}

function inside(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function positionOf(token: TemplateToken): Position {
  return { line: token.line ?? 1, column: token.col ?? 1 };
}

// The parser's type guards are values of a module that can only be loaded late, so the kind is all there is to go by.
/* oxlint-disable typescript/no-unsafe-type-assertion */
function asSequence(token: TemplateToken): SequenceToken & Iterable<TemplateToken> {
  return token as SequenceToken & Iterable<TemplateToken>;
}

function asMapping(token: TemplateToken): MappingToken & Iterable<{ key: TemplateToken; value: TemplateToken }> {
  return token as MappingToken & Iterable<{ key: TemplateToken; value: TemplateToken }>;
}

function asExpression(token: TemplateToken): BasicExpressionToken {
  return token as BasicExpressionToken;
}

function asLiteral(token: TemplateToken): { value: string | number | boolean } {
  return token as unknown as { value: string | number | boolean };
}
/* oxlint-enable typescript/no-unsafe-type-assertion */
