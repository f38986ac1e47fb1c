import * as core from "@actions/core";

/** Runs an action's body; whatever it throws ends the step with one sentence. */
export async function runAction(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    core.setFailed(error instanceof Error ? error.message : String(error));
    if (error instanceof Error && error.stack !== undefined) core.debug(error.stack);
  }
}
