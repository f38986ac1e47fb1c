/** What one query got out of a ranking: items in order of rank, of which some are right. */
export type RankedQuery = { hits: readonly boolean[]; labels: number };

/** Normalised discounted cumulative gain at k with binary gains (Järvelin & Kekäläinen 2002). */
export function discountedGain({ hits, labels }: RankedQuery, k: number): number {
  let gain = 0;
  let best = 0;
  for (let rank = 0; rank < k; rank++) {
    const weight = 1 / Math.log2(rank + 2);
    if (hits[rank] === true) gain += weight;
    if (rank < labels) best += weight;
  }
  return labels === 0 ? NaN : gain / best;
}

/** 1 if one of the first k items is right. */
export function hitRate({ hits, labels }: RankedQuery, k: number): number {
  if (labels === 0) return NaN;
  return hits.slice(0, k).includes(true) ? 1 : 0;
}

/** Share of the query's labels among the first k items. */
export function recallAt({ hits, labels }: RankedQuery, k: number): number {
  return labels === 0 ? NaN : hits.slice(0, k).filter(Boolean).length / labels;
}
