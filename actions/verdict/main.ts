import * as core from "@actions/core";
import * as z from "zod";
import { runAction } from "#actions/run-action.ts";
import { readJson } from "#actions/read-json.ts";
import { say } from "#actions/say.ts";

const needsSchema = z.record(
  z.string(),
  z.object({ result: z.string(), outputs: z.record(z.string(), z.string()).optional() }),
);

/** The required check where there is no app: red unless the report says green. No evidence, no green (law 4). */
await runAction(async () => {
  const needs = readJson(core.getInput("needs", { required: true }), needsSchema, 'the input "needs"');
  const plan = needs["plan"];
  const report = needs["report"];
  if (plan?.result !== "success") throw new Error('The job "plan" did not succeed: see its log');
  if (plan.outputs?.["report"] === "false") {
    say("There is nothing to judge.");
    return;
  }
  if (report?.result !== "success")
    throw new Error(`The job "report" did not succeed (${report?.result ?? "missing"}): see its log`);
  if (report.outputs?.["green"] !== "true")
    throw new Error("The verdict is not green: the comment on the pull request says why");
  say("The verdict is green.");
});
