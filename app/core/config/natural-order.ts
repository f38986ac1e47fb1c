import { compareBytes } from "#core/identity/byte-order.ts";

/**
 * Orders paths as people count, `week-9` before `week-11`. Both are cut into runs of ASCII digits and runs of anything
 * else, compared run by run: digits by their number, of any length, the rest by UTF-8 bytes; who ends first comes first.
 * Equal but for leading zeros: by bytes of the whole. A total order, for `sort`.
 */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [tokenize(a), tokenize(b)];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = compareTokens(left[index] ?? "", right[index] ?? "");
    if (difference !== 0) return difference;
  }
  return left.length - right.length || compareBytes(a, b);
}

function tokenize(text: string): readonly string[] {
  return text.match(/[0-9]+|[^0-9]+/g) ?? [];
}

function compareTokens(a: string, b: string): number {
  if (!isNumber(a) || !isNumber(b)) return compareBytes(a, b);
  const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return left.length - right.length || compareBytes(left, right);
}

function isNumber(token: string): boolean {
  const first = token.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}
