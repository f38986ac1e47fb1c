import type { EstimateRecord } from "#core/evidence.ts";
import { sayCount } from "#core/gate/say-estimate.ts";

/** "1,872", "−3": a whole number with thousands. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return "—";
  return `${count < 0 ? "−" : ""}${sayCount(Math.abs(Math.round(count)))}`;
}

/** "12,431 rows", "1 row". `unit` is ours, never a stranger's. */
export function formatUnits(count: number, unit: string): string {
  return `${formatCount(count)} ${unit}${count === 1 ? "" : "s"}`;
}

/** "0.4 s", "42 s", "6 min 12 s", "2 h 5 min". */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs) || durationMs < 0) return "—";
  if (durationMs < 9_950) return `${(durationMs / 1_000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = seconds < 3_600 ? Math.floor(seconds / 60) : Math.round(seconds / 60);
  const [whole, rest, big, small] =
    seconds < 3_600 ? [minutes, seconds % 60, "min", "s"] : [Math.floor(minutes / 60), minutes % 60, "h", "min"];
  return rest === 0 ? `${whole} ${big}` : `${whole} ${big} ${rest} ${small}`;
}

/** "1.1 MB": a size in powers of ten. */
export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A number with so many decimals, thousands, and a minus that is one (U+2212); nothing measured is a dash. */
export function formatNumber(value: number | null, decimals: number, options: { signed?: boolean } = {}): string {
  if (value === null || !Number.isFinite(value)) return "—";
  if (Math.abs(value) >= 1e15) return value.toExponential(2).replace("-", "−");
  const [whole = "0", fraction] = Math.abs(value).toFixed(decimals).split(".");
  const digits = `${whole.replace(/\B(?=(?:\d{3})+$)/g, ",")}${fraction === undefined ? "" : `.${fraction}`}`;
  if (Number(Math.abs(value).toFixed(decimals)) === 0) return digits;
  return `${value < 0 ? "−" : options.signed === true ? "+" : ""}${digits}`;
}

/** A number as a person wrote it in a config: 0.002, 1,000, −3. */
export function formatPlain(value: number): string {
  const text = String(value);
  if (!Number.isFinite(value) || text.includes("e")) return text.replace("-", "−");
  return formatNumber(value, text.split(".")[1]?.length ?? 0);
}

/**
 * How many decimals an estimate deserves: the first digit of its half width, two where that digit is a 1 or a 2; more
 * where rounding would carry an end of the interval over one of the `bars` it is compared with.
 */
export function decimalsOf(estimate: EstimateRecord | null, bars: readonly number[] = [0]): number {
  const { point, low, high } = estimate ?? { point: null, low: null, high: null };
  if (point === null) return 3;
  if (low === null || high === null) return decimalsOfPoint(point);
  const half = (high - low) / 2;
  if (!(half > 0) || !Number.isFinite(half)) return decimalsOfPoint(point);
  const exponent = Math.floor(Math.log10(half));
  const leading = half / 10 ** exponent;
  let decimals = Math.min(8, Math.max(0, -exponent + (leading < 2.95 ? 1 : 0)));
  const keepsSide = (value: number, bar: number): boolean =>
    Math.sign(Number(value.toFixed(decimals)) - bar) === Math.sign(value - bar);
  while (decimals < 8 && !bars.every((bar) => keepsSide(low, bar) && keepsSide(high, bar))) decimals++;
  return decimals;
}

function decimalsOfPoint(point: number): number {
  const size = Math.abs(point);
  return size >= 1_000 || Number.isInteger(point) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
}

/** "(+0.007 to +0.017)"; empty where there is no interval. */
export function formatInterval(estimate: EstimateRecord, decimals: number, options: { signed?: boolean } = {}): string {
  if (estimate.low === null || estimate.high === null) return "";
  return `(${formatNumber(estimate.low, decimals, options)} to ${formatNumber(estimate.high, decimals, options)})`;
}
