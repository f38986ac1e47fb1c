import type { Estimate } from "#core/statistics/estimate.ts";

/**
 * "0.853 (0.841 to 0.865)", as many decimals as the interval deserves, and as many more as it takes for the ends to
 * stay on their side of `bar` when rounded. A minus is U+2212; `signed` adds the plus.
 */
export function sayEstimate(estimate: Estimate, bar: number, signed = false): string {
  const half = (estimate.high - estimate.low) / 2;
  let decimals = Math.min(8, Math.max(0, half > 0 ? 1 - Math.floor(Math.log10(half)) : 4));
  const keepsSide = (value: number): boolean =>
    Math.sign(Number(value.toFixed(decimals)) - bar) === Math.sign(value - bar);
  while (decimals < 10 && !(keepsSide(estimate.low) && keepsSide(estimate.high))) decimals++;
  const say = (value: number): string => sayFixed(value, decimals, signed);
  return `${say(estimate.point)} (${say(estimate.low)} to ${say(estimate.high)})`;
}

function sayFixed(value: number, decimals: number, signed: boolean): string {
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : signed ? "+" : ""}${text}`;
}

/** "9,400": a count for people, to two significant digits where it is an estimate. */
export function sayAbout(count: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return sayCount(Math.ceil(count / unit) * unit);
}

export function sayCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/gu, ",");
}
