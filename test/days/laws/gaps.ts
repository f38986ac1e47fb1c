/** Where the product is known to part from the laws. Each is a weaker check elsewhere: take out what is mended. */
export const gaps = {
  /** a schedule looks at pull requests only: what a lost push left undone is found by the next push to main */
  scheduleIgnoresMain: true,
  /** what main trained before a pull request reviewed it is taken for trained after the merge, and waits */
  runsOfMainAreUnreviewed: true,
  /** what only a run under a foreign workflow has trained is not trained again by main after the merge */
  foreignIsFinal: true,
  /** that a training on main failed is forgotten when main is looked at again */
  failureIsForgotten: true,
  /** a change of the evaluation alone is not measured again when production moves to what was measured alone before */
  settingsAreNotMeasuredAgain: true,
  /** the versions that a renamed model has at two stages are tagged at one second */
  renamesRepeatADate: true,
  /** a revert while a pin holds says that it brings the version back, and moves nothing */
  revertsPromiseWhilePinned: true,
  /** a fork's change of settings is not measured where only production has to answer */
  forksSettingsAreNotMeasured: true,
  /** a run whose end nobody was told of is trained again by /train */
  unheardIsTrainedAgain: true,
} as const;
