/**
 * Upper regularised incomplete gamma function Q(a, x), a > 0, x >= 0, to about 13 digits at any a. Series below
 * x = a + 1, Lentz's continued fraction above, both scaled by Loader's saddle-point density (C. Loader, "Fast and
 * Accurate Computation of Binomial Probabilities", 2000), which keeps its digits where log-gamma loses them.
 */
export function gammaTail(a: number, x: number): number {
  if (Number.isNaN(a) || Number.isNaN(x) || a <= 0 || x < 0) return NaN;
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  const density = Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
  return x < a + 1 ? 1 - series(a, x) * a * density : a * density * fraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 1_000_000; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1_000_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return h;
}

/** ln Γ(n+1) − ((n+½) ln n − n + ½ ln 2π): Stirling's series from 15 up, the exact step to n+1 below. */
function stirlingError(n: number): number {
  let shifted = n;
  let steps = 0;
  while (shifted < 15) {
    steps += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
    shifted += 1;
  }
  const square = shifted * shifted;
  return steps + (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / shifted;
}

/** x ln(x/m) + m − x, with x the first argument: a series where the two are close (Loader's bd0). */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let power = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
