import * as core from "@actions/core";
import { openJob } from "#actions/job.ts";
import { runAction } from "#actions/run-action.ts";
import { warmHere } from "./warm-here.ts";

await runAction(async () => await warmHere(await openJob(), core.getInput("model", { required: true })));
