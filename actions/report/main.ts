import * as core from "@actions/core";
import { openJob } from "#actions/job.ts";
import { runAction } from "#actions/run-action.ts";
import { reportTrigger } from "./report-trigger.ts";
import { vouchedReports } from "./vouched-reports.ts";

await runAction(async () => {
  const job = await openJob();
  const workflows = vouchedReports(job.ports.workflows, job.run, core.getInput("report"));
  const { green } = await reportTrigger({ ...job, ports: { ...job.ports, workflows } });
  core.setOutput("green", String(green));
});
