import * as core from "@actions/core";
import * as z from "zod";
import { parseModelName } from "#core/names.ts";
import { promoteDefault } from "#flow/promote/promote-default.ts";
import { diskFreight } from "#disk/disk-freight.ts";
import { openJob, runAction } from "#actions/job.ts";
import { say } from "#actions/say.ts";

const approvalSchema = z.strictObject({
  model: z.string(),
  artifact: z.string().optional(),
  stage: z.string().optional(),
  by: z.string().max(100),
  why: z.string().max(1_000),
});

await runAction(async () => {
  const job = await openJob();
  const given = core.getInput("approval");
  const read = given === "" ? undefined : approvalSchema.parse(JSON.parse(given));
  const approval =
    read === undefined
      ? undefined
      : { ...read, artifact: read.artifact, stage: read.stage, model: parseModelName(read.model) };
  const only = core.getInput("model");
  const { promoted, observed } = await promoteDefault(
    job.ports,
    diskFreight(job.ports.bytes, job.folder),
    approval,
    only === "" ? undefined : only,
  );
  for (const { model, version, moved, why } of promoted) {
    core.notice(
      `${model}@${version}: ${moved.length === 0 ? "stands already" : `moved to ${moved.join(", ")}`} (${why})`,
    );
  }
  core.setOutput("promoted", JSON.stringify(promoted.map(({ model, version }) => ({ model, version }))));
  if (promoted.length === 0) say(`Nothing to promote at ${observed.head}.`);
});
