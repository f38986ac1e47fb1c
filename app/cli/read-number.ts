import { ExitError } from "./exit-error.ts";

/** A whole number that somebody wrote behind an option. Throws a sentence for everything else. */
export function readNumber(option: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < low || value > high) {
    throw new ExitError(2, `Cannot read ${option} "${text}": it is a whole number from ${low} to ${high}`);
  }
  return value;
}
