import * as core from "@actions/core";
import * as z from "zod";
import { parseModelName } from "#core/names.ts";
import { openJob } from "#actions/job.ts";
import { runAction } from "#actions/run-action.ts";
import { readJson } from "#actions/read-json.ts";
import { promoteHere } from "./promote-here.ts";

const approvalSchema = z.strictObject({
  model: z.string(),
  subject: z.string().optional(),
  stage: z.string().optional(),
  by: z.string().max(100),
  why: z.string().max(1_000),
});

await runAction(async () => {
  const job = await openJob();
  const given = core.getInput("approval");
  const read = given === "" ? undefined : readJson(given, approvalSchema, 'the input "approval"');
  const approval =
    read === undefined
      ? undefined
      : { ...read, subject: read.subject, stage: read.stage, model: parseModelName(read.model) };
  const only = core.getInput("model");
  const promoted = await promoteHere(job, approval, only === "" ? undefined : only);
  core.setOutput("promoted", JSON.stringify(promoted.map(({ model, version }) => ({ model, version }))));
});
