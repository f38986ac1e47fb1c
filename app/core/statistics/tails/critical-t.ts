/** The 97.5 % point of the standard normal: half-width of a 95 % interval in standard errors. */
export const criticalZ = 1.959963984540054;

/**
 * The 97.5 % point of Student's t. Up to 200 degrees the exact finite series is solved (Abramowitz & Stegun 26.7.3 and
 * 26.7.4), above the expansion 26.7.5 holds to 1e-11. NaN below one degree.
 */
export function criticalT(degrees: number): number {
  if (!(degrees >= 1)) return NaN;
  const start = expansion(degrees);
  if (degrees > 200 || !Number.isInteger(degrees)) return start;
  let low = criticalZ;
  let high = 12.8;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (centralMass(middle, degrees) < 0.95) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function expansion(v: number): number {
  const z = criticalZ;
  const z2 = z * z;
  const g1 = (z * (z2 + 1)) / 4;
  const g2 = (z * (5 * z2 * z2 + 16 * z2 + 3)) / 96;
  const g3 = (z * (3 * z2 ** 3 + 19 * z2 * z2 + 17 * z2 - 15)) / 384;
  const g4 = (z * (79 * z2 ** 4 + 776 * z2 ** 3 + 1482 * z2 * z2 - 1920 * z2 - 945)) / 92160;
  return z + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v;
}

/** P(|T| < t), integer degrees. */
function centralMass(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
