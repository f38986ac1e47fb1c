import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { startEffect } from "#flow/comment/start-effect.ts";
import { parseModelName } from "#core/names.ts";
import { evaluateText } from "#sandbox/actions/expression/evaluate-template.ts";
import { readWorkflow } from "#sandbox/actions/workflow/read-workflow.ts";
import { LocalWorld } from "./local/local-world.ts";

const files = ["docs/workflow.yml", "examples/groceries/.github/workflows/trainyard.yml"];

/** GitHub refuses a dispatch with an input that the workflow does not name. */
it.for(files)("%s names every input that a dispatch may have, and no more than GitHub takes", async (file) => {
  const { on }: { on: { workflow_dispatch: { inputs: Record<string, unknown> } } } = parse(readFileSync(file, "utf8"));
  const named = Object.keys(on.workflow_dispatch.inputs);
  const sent: string[] = [];
  const dispatch = async (inputs: Readonly<Record<string, string>>): Promise<{ run: undefined }> => {
    sent.push(...Object.keys(inputs));
    return await Promise.resolve({ run: undefined });
  };
  const ports = new LocalWorld().ports();
  const watched = { ...ports, workflows: { ...ports.workflows, dispatch } };
  const approval = {
    model: parseModelName("churn"),
    subject: "0".repeat(64),
    stage: "production",
    by: "ada",
    why: "",
  };
  await startEffect(watched, { kind: "promote", approval, head: "0".repeat(40) }, "app");
  await startEffect(watched, { kind: "train", pull: 1, head: "0".repeat(40), again: true }, "app");
  expect(named).toEqual(expect.arrayContaining(sent));
  expect(named.length).toBeLessThanOrEqual(10);
});

it.for(files)("%s calls what is started by hand as whoever starts it looks for it, and nothing else", async (file) => {
  const reading = await readWorkflow(".github/workflows/trainyard.yml", readFileSync(file, "utf8"));
  if (reading.kind !== "workflow") throw new Error(JSON.stringify(reading.problems));
  const nameOf = (inputs: Record<string, string>): string =>
    evaluateText(reading.workflow.runName, { contexts: { github: {}, vars: {}, inputs } })
      .trim()
      .replaceAll(/\s+/g, " ");
  // the names that test/contract/github-failures.test.ts finds runs by
  expect(nameOf({ command: "train", pull: "7", head: "abc", again: "false" })).toBe("train 7 abc false");
  const promote = { command: "promote", model: "churn", digest: "abc", stage: "production", by: "ada", why: "x" };
  expect(nameOf(promote)).toBe("promote churn abc production");
  expect(nameOf({})).toBe("");
});
