/** Where the product is known to part from the laws. Each is a weaker check elsewhere: take out what is mended. */
export const gaps = {
  /** a schedule looks at pull requests only: what a lost push left undone is found by the next push to main */
  scheduleIgnoresMain: true,
  /** a model that is new and shares a recipe that was known waits after its merge, though its pull request was green */
  newModelOfKnownRecipeWaits: true,
  /** what only a run under a foreign workflow has trained is not trained again by main after the merge */
  foreignIsFinal: true,
} as const;
