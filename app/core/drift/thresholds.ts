/** A column drifts only if its effect reaches the threshold and its adjusted p does not exceed `adjustedP`. */
export const driftThresholds = {
  /** bias-corrected Cramér's V */
  cramersV: 0.1,
  /** Kolmogorov-Smirnov distance */
  kolmogorovSmirnov: 0.1,
  /** first Wasserstein distance in robust standard deviations of the reference */
  wasserstein: 0.25,
  adjustedP: 0.01,
  /** rows a side below which nothing is said */
  leastRows: 100,
  /** share of the lead at promotion whose certain loss needs no second block to confirm it */
  leadLost: 0.25,
} as const;
