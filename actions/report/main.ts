import * as core from "@actions/core";
import { openJob, runAction } from "#actions/job.ts";
import { reportTrigger } from "./report-trigger.ts";

await runAction(async () => {
  const { green } = await reportTrigger(await openJob());
  core.setOutput("green", String(green));
});
