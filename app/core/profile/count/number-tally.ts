/** What is known of a column's numbers beside the counts of the finite ones. */
export class NumberTally {
  nans = 0;
  negativeInfinite = 0;
  positiveInfinite = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  /** Whether it is finite. */
  take(value: number): boolean {
    if (value - value !== 0) {
      if (value > 0) this.positiveInfinite++;
      else if (value < 0) this.negativeInfinite++;
      else this.nans++;
      return false;
    }
    // -0 counts as 0
    if (value < this.min) this.min = value + 0;
    if (value > this.max) this.max = value + 0;
    return true;
  }
}
