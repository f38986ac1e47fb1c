/**
 * Rows of a made-up shop: the column `churned` is what happened, `signal` knows something of it, `a` and `b` know nothing.
 * The same seed gives the same rows, everywhere.
 */
export function makeRows(count: number, seed: number): string {
  const random = createRandom(seed);
  const lines = ["customer,signal,a,b,churned"];
  for (let row = 0; row < count; row++) {
    const churned = random() < 0.4 ? 1 : 0;
    const signal = Math.min(1, Math.max(0, 0.25 * churned + 0.3 + 0.45 * (random() - 0.5)));
    lines.push([seed * 10_000 + row, signal.toFixed(3), random().toFixed(3), random().toFixed(3), churned].join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** A linear congruential generator: numbers from 0 to 1 that any machine makes alike. */
function createRandom(seed: number): () => number {
  let state = (seed * 2_654_435_761) % 2_147_483_648;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
