import * as core from "@actions/core";

/** For how many days a model and its predictions are kept: the input `retention-days`, from 1 to 90. */
export function retentionDays(): number {
  const days = Number(core.getInput("retention-days") || "30");
  return Number.isInteger(days) && days >= 1 && days <= 90 ? days : 30;
}
