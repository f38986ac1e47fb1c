import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as core from "@actions/core";
import { digest } from "#core/canonical.ts";
import { artifactNames, leaveArtifact } from "#actions/artifacts.ts";
import { openJob } from "#actions/job.ts";
import { runAction } from "#actions/run-action.ts";
import { planTrigger } from "./plan-trigger.ts";

await runAction(async () => {
  const job = await openJob();
  const loop = await planTrigger(job);
  const { plan } = loop;
  if (plan !== undefined && (plan.tasks.length > 0 || plan.comparisons.length > 0)) {
    const file = join(job.folder, "plan.json");
    const text = JSON.stringify(plan);
    await writeFile(file, text);
    await leaveArtifact(artifactNames.plan, job.folder, [file], { compress: true });
    core.setOutput("plan", digest(text));
  }
  core.setOutput("prepare", String((plan?.tasks.length ?? 0) > 0));
  core.setOutput("evaluate", String((plan?.comparisons.length ?? 0) > 0));
  core.setOutput("promote", JSON.stringify(loop.promote));
  core.setOutput("approval", loop.approval === undefined ? "" : JSON.stringify(loop.approval));
  core.setOutput("watch", JSON.stringify(loop.watch));
  const warm = loop.warm.map(({ model, runsOn, timeoutMs }) => {
    return { model, name: `warm ${model}`, "runs-on": runsOn, minutes: Math.ceil(timeoutMs / 60_000) + 15 };
  });
  core.setOutput("warm", JSON.stringify(warm));
  core.setOutput("writer", loop.writer);
  core.setOutput("report", String(loop.report && loop.writer === "actions"));
});
