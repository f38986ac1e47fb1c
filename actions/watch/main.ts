import * as core from "@actions/core";
import * as z from "zod";
import { openJob } from "#actions/job.ts";
import { runAction } from "#actions/run-action.ts";
import { readJson } from "#actions/read-json.ts";
import { watchHere } from "./watch-here.ts";

await runAction(async () => {
  const job = await openJob();
  const models = readJson(core.getInput("models", { required: true }), z.array(z.string()), 'the input "models"');
  const { reports } = await watchHere(job, models);
  core.setOutput("drift", String(reports.some(({ verdict }) => verdict === "drift")));
});
