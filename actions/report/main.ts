import * as core from "@actions/core";
import { openJob } from "#actions/job.ts";
import { runAction } from "#actions/run-action.ts";
import { reportTrigger } from "./report-trigger.ts";

await runAction(async () => {
  const { green } = await reportTrigger(await openJob());
  core.setOutput("green", String(green));
});
