/**
 * A number with its uncertainty: `low` and `high` bound the 95 % interval, `n` counts the independent units behind it
 * (rows, or groups where rows belong together). A metric that could not be measured has NaN in all three numbers.
 */
export type Estimate = { point: number; low: number; high: number; n: number };
