import { data } from "@actions/expressions";

const converted = new WeakMap<object, data.ExpressionData>();

/** A plain JSON value as the evaluator wants it. Frozen objects (event payloads) are converted once. */
export function toExpressionData(value: unknown): data.ExpressionData {
  if (value === null || value === undefined) return new data.Null();
  switch (typeof value) {
    case "string":
      return new data.StringData(value);
    case "number":
      return new data.NumberData(value);
    case "boolean":
      return new data.BooleanData(value);
    case "object":
      break;
    default:
      return new data.Null();
  }
  const known = converted.get(value);
  if (known !== undefined) return known;
  const result = Array.isArray(value)
    ? new data.Array(...value.map(toExpressionData))
    : new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toExpressionData(item) })));
  if (Object.isFrozen(value)) converted.set(value, result);
  return result;
}

/** The plain JSON value of a result. */
export function fromExpressionData(value: data.ExpressionData): unknown {
  if (value instanceof data.StringData || value instanceof data.BooleanData) return value.value;
  if (value instanceof data.NumberData) return value.value;
  if (value instanceof data.Array) return value.values().map(fromExpressionData);
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map((pair) => [pair.key, fromExpressionData(pair.value)]));
  }
  return null;
}
