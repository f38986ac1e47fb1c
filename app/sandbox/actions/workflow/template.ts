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

/** Turns the parser's token tree into plain data. */
export function readTemplate(token: TemplateToken): Template {
  const at = positionOf(token);
  switch (token.templateTokenType) {
    case tokenKind.sequence:
      return { kind: "list", at, items: [...asSequence(token)].map(readTemplate) };
    case tokenKind.mapping:
      return {
        kind: "map",
        at,
        entries: [...asMapping(token)].map(({ key, value }) => ({
          key: key.toString(),
          keyAt: positionOf(key),
          value: readTemplate(value),
        })),
      };
    case tokenKind.expression:
      return { kind: "expression", at, source: asExpression(token).expression };
    case tokenKind.null:
      return { kind: "value", at, value: null };
    default:
      return { kind: "value", at, value: asLiteral(token).value };
  }
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
