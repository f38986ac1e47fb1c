/**
 * Benjamini-Hochberg adjusted p-values, in the order given. A p that is NaN was not tested: it stays NaN and does not
 * count among the tests (Benjamini & Hochberg 1995).
 */
export function adjustForFalseDiscovery(ps: readonly number[]): number[] {
  const tested = ps.flatMap((p, index) => (Number.isNaN(p) ? [] : [{ p, index }])).sort((a, b) => b.p - a.p);
  const adjusted = ps.map(() => NaN);
  let least = 1;
  tested.forEach(({ p, index }, position) => {
    least = Math.min(least, (p * tested.length) / (tested.length - position));
    adjusted[index] = least;
  });
  return adjusted;
}
