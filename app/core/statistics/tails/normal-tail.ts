import { gammaTail } from "./gamma-tail.ts";

/** P(Z > z) of a standard normal: half the incomplete gamma tail Q(1/2, z²/2), accurate to z = 37. */
export function normalTail(z: number): number {
  const upper = gammaTail(0.5, (z * z) / 2) / 2;
  return z >= 0 ? upper : 1 - upper;
}
