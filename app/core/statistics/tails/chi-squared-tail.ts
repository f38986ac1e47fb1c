import { gammaTail } from "./gamma-tail.ts";

/** P(X > x) of a chi-squared with `degrees` degrees of freedom. */
export function chiSquaredTail(x: number, degrees: number): number {
  return gammaTail(degrees / 2, x / 2);
}
