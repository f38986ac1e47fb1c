import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findExcess, spellOut, type JobPermissions } from "#sandbox/actions/workflow/permissions.ts";
import { readWorkflow } from "#sandbox/actions/workflow/read-workflow.ts";
import { answerSlots } from "#actions/prepare/matrix.ts";
import type { Job, Workflow } from "#sandbox/actions/workflow/workflow.ts";

const root = join(import.meta.dirname, "..", "..");
const loop = ".github/workflows/loop.yml";

/** Every workflow that we run, ship or show. */
const files: readonly { file: string; text: string }[] = [
  ...globSync([".github/workflows/*.yml", "docs/*.yml", "examples/*/.github/workflows/*.yml"], { cwd: root }),
  "actions/loop/README.md",
].map((file) => {
  const text = readFileSync(join(root, file), "utf8");
  return { file, text: file.endsWith(".md") ? (/```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? "") : text };
});

async function workflowOf({ file, text }: { file: string; text: string }): Promise<Workflow> {
  const reading = await readWorkflow(file, text);
  if (reading.kind === "invalid") throw new Error(reading.problems.map(({ message }) => message).join("; "));
  return reading.workflow;
}

const granted = ({ permissions }: Job): JobPermissions => (permissions === undefined ? {} : spellOut(permissions));

it("there are a loop, a workflow to copy, and an example", () => {
  expect(files.map(({ file }) => file)).toEqual(
    expect.arrayContaining([loop, "docs/workflow.yml", "examples/groceries/.github/workflows/trainyard.yml"]),
  );
});

describe.for(files)("$file", ({ file, text }) => {
  it("can be read by GitHub's own parser", async () => {
    await expect(workflowOf({ file, text })).resolves.toMatchObject({ name: expect.any(String) });
  });

  it("starts on no event that gives a stranger's code the repository's rights", async () => {
    const { triggers } = await workflowOf({ file, text });
    expect([...triggers.events.keys()]).not.toContain("pull_request_target");
    expect([...triggers.events.keys()]).not.toContain("workflow_run");
    expect(text).not.toContain("allow-unsafe-pr-checkout");
  });

  it("grants nothing on top, and in each job what it says", async () => {
    const { permissions, jobs } = await workflowOf({ file, text });
    expect(permissions).toEqual({ kind: "some", levels: {} });
    for (const job of jobs.values()) expect(job.permissions, job.id).toMatchObject({ kind: "some" });
  });

  it("evaluates no expression inside of a script, and hands on no secret but by name", async () => {
    const jobs = [...(await workflowOf({ file, text })).jobs.values()];
    const scripts = jobs.flatMap((job) => (job.kind === "call" ? [] : job.steps.filter((step) => step.kind === "run")));
    expect(scripts.filter((step) => step.run.kind !== "value")).toEqual([]);
    expect(jobs.filter((job) => job.kind === "call" && job.secrets === "inherit")).toEqual([]);
  });

  it("uses actions of its own commit, or checks out without leaving a token behind", async () => {
    const { jobs } = await workflowOf({ file, text });
    const uses = [...jobs.values()].flatMap((job) =>
      job.kind === "call" ? [job.uses] : job.steps.flatMap((step) => (step.kind === "uses" ? [step.uses] : [])),
    );
    const ours = /^(?:\$\/actions\/[a-z]+|trainyard\/trainyard(?:\/\.github\/workflows\/loop\.yml)?@main)$/;
    const theirs = /^actions\/(?:checkout|setup-node|upload-artifact|download-artifact|attest)@[0-9a-f]{40}$/;
    expect(uses.filter((used) => !ours.test(used) && !theirs.test(used))).toEqual([]);
    const checksOut = uses.some((used) => used.startsWith("actions/checkout"));
    expect(text.includes("persist-credentials: false")).toBe(checksOut);
    expect(text).not.toContain("persist-credentials: true");
  });

  it("says the version of every action that it pins, and why it grants what it grants", () => {
    for (const [line] of text.matchAll(/^.*uses: actions\/.*$/gm))
      expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    if (!file.startsWith(".github/workflows/release")) return;
    for (const [line] of text.matchAll(/^ {6}[a-z-]+: (?:read|write)\b.*$/gm)) expect(line).toMatch(/ # \w/);
    expect(text).not.toMatch(/\bcache\b/i);
    expect(text).toMatch(/^concurrency:\n {2}group: release\n/m);
  });
});

describe("whoever calls the loop", () => {
  it.for(files.filter(({ text }) => text.includes("loop.yml@")))(
    "$file grants what its jobs ask for",
    async (caller) => {
      const called = await workflowOf(files.find(({ file }) => file === loop) ?? { file: loop, text: "" });
      const { jobs } = await workflowOf(caller);
      for (const job of jobs.values()) {
        if (job.kind !== "call") continue;
        const asked = [...called.jobs.values()].map(granted);
        expect(asked.flatMap((permissions) => findExcess(permissions, granted(job)))).toEqual([]);
        // and nothing that none of them needs
        const most = Object.keys(granted(job)).filter((name) => asked.every((one) => (one[name] ?? "none") === "none"));
        expect(most).toEqual([]);
      }
    },
  );

  it("has one output a machine that vouches for answers, as machines that set the same one overwrite each other", () => {
    const text = files.find(({ file }) => file === loop)?.text ?? "";
    const own = [...text.matchAll(/answers-(\d): \$\{\{ matrix\.group\.slot == (\d) && /g)];
    expect(own.map(([, name, slot]) => `${name} ${slot}`)).toEqual(
      Array.from({ length: answerSlots }, (_, index) => `${index + 1} ${index + 1}`),
    );
  });

  it("leaves no job that runs the team's code a right to write", async () => {
    const { jobs } = await workflowOf(files.find(({ file }) => file === loop) ?? { file: loop, text: "" });
    const running = [...jobs.values()].filter((job) => ["train", "answer", "watch"].includes(job.id));
    expect(running).toHaveLength(3);
    for (const job of running) expect(Object.values(granted(job)), job.id).not.toContain("write");
  });
});
