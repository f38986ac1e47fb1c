/** Where the product is known to part from the laws. Each is a weaker check elsewhere: take out what is mended. */
export const gaps = {
  /** the versions that a renamed model has at two stages are tagged at one second */
  renamesRepeatADate: true,
  /** a revert while a pin holds says that it brings the version back, and moves nothing */
  revertsPromiseWhilePinned: true,
  /** a fork's change of settings is not measured where only production has to answer */
  forksSettingsAreNotMeasured: true,
  /** a run whose end nobody was told of is trained again by /train */
  unheardIsTrainedAgain: true,
} as const;
