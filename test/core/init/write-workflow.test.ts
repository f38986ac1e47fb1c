import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expandWorkflow, fillWorkflow } from "#core/init/write-workflow.ts";
import { findExcess, spellOut } from "#sandbox/actions/workflow/permissions.ts";
import { readWorkflow } from "#sandbox/actions/workflow/read-workflow.ts";
import type { Workflow } from "#sandbox/actions/workflow/workflow.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", "..", "..", path), "utf8");
const [shown, loop] = [read("docs/workflow.yml"), read(".github/workflows/loop.yml")];
const sha = "0123456789abcdef0123456789abcdef01234567";

async function parse(text: string): Promise<Workflow> {
  const reading = await readWorkflow("trainyard.yml", text);
  if (reading.kind === "invalid") throw new Error(reading.problems.map(({ message }) => message).join("; "));
  return reading.workflow;
}

describe("fillWorkflow()", () => {
  it("is the file of the docs, byte for byte", () => {
    expect(fillWorkflow(shown, { ref: "main", branch: "main" })).toBe(shown);
  });

  it("changes the ref and the branches alone", () => {
    const lines = fillWorkflow(shown, { ref: sha, branch: "release/[1]" }).split("\n");
    const changed = lines.filter((line, index) => line !== shown.split("\n")[index]);
    expect(changed).toEqual([
      String.raw`    branches: ["release/\\[1\\]"]`,
      String.raw`    branches: ["release/\\[1\\]"]`,
      `    uses: trainyard/trainyard/.github/workflows/loop.yml@${sha}`,
    ]);
  });

  it("refuses a text that it does not know", () => {
    expect(() => fillWorkflow("jobs: {}", { ref: "main", branch: "main" })).toThrow("docs/workflow.yml");
  });
});

describe("expandWorkflow()", () => {
  const text = expandWorkflow(shown, loop, { ref: sha, branch: "trunk" });

  it("has the triggers and the concurrency of the docs, and the jobs of the loop with the same rights", async () => {
    const [expanded, called, calling] = await Promise.all([parse(text), parse(loop), parse(shown)]);
    expect([...expanded.triggers.events.keys()]).toEqual([...calling.triggers.events.keys()]);
    expect(text).toContain(shown.slice(shown.indexOf("concurrency:"), shown.indexOf("jobs:")));
    expect([...expanded.jobs.keys()]).toEqual([...called.jobs.keys()]);
    for (const [id, job] of expanded.jobs) {
      const same = called.jobs.get(id)?.permissions;
      if (job.permissions === undefined || same === undefined) throw new Error(`"${id}" says no permissions`);
      expect(spellOut(job.permissions)).toEqual(spellOut(same));
      const [granted] = [...calling.jobs.values()].map(({ permissions }) => permissions);
      expect(findExcess(spellOut(job.permissions), spellOut(granted ?? { kind: "some", levels: {} }))).toEqual([]);
    }
  });

  it("names our actions with the ref, and says why each right is granted", () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, used]) => used);
    const actions = [...loop.matchAll(/uses: \$\/(.*)/g)].map(([, action]) => `trainyard/trainyard/${action}@${sha}`);
    expect(uses).toEqual(actions);
    const rights = text.split("\n").filter((line) => /^ {6}[a-z-]+: (?:read|write)/.test(line));
    expect(rights.length).toBeGreaterThan(10);
    expect(rights.filter((line) => !line.includes(" # "))).toEqual([]);
    expect(text).not.toContain("secrets.secrets");
  });
});
