import { describe, expect, it } from "vitest";
import { lastDue, readCron } from "#sandbox/actions/trigger/cron.ts";
import { readDispatchInputs } from "#sandbox/actions/trigger/dispatch-inputs.ts";
import { matchesTrigger } from "#sandbox/actions/trigger/match-trigger.ts";
import type { Occasion } from "#sandbox/actions/trigger/match-trigger.ts";
import { matchesList } from "#sandbox/actions/trigger/path-pattern.ts";
import { findExcess, spellOut } from "#sandbox/actions/workflow/permissions.ts";
import { readWorkflow } from "#sandbox/actions/workflow/read-workflow.ts";
import type { Triggers } from "#sandbox/actions/workflow/workflow.ts";

async function triggers(on: string): Promise<Triggers> {
  const reading = await readWorkflow("w.yml", `on: ${on}\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n`);
  if (reading.kind === "invalid") throw new Error(JSON.stringify(reading.problems));
  return reading.workflow.triggers;
}

function occasion(event: string, more: Partial<Occasion> & { paths?: string[] } = {}): Occasion {
  return {
    event,
    action: null,
    branch: "main",
    tag: undefined,
    workflowName: undefined,
    changedPaths: () => Promise.resolve(more.paths ?? ["src/a.js"]),
    ...more,
  };
}

describe("filter patterns", () => {
  it.for([
    ["*", "main", true],
    ["*", "feature/x", false],
    ["**", "feature/x", true],
    ["feature/*", "feature/x", true],
    ["feature/*", "feature/x/y", false],
    ["**/*.js", "a.js", true],
    ["**/*.js", "x/y/a.js", true],
    ["docs/**", "docs/a/b.md", true],
    ["v[12].[0-9]+.[0-9]+", "v1.10.2", true],
    ["v[12].[0-9]+.[0-9]+", "v3.0.0", false],
    ["*.jsx?", "page.js", true],
    ["*.jsx?", "page.jsx", true],
    ["a.b", "axb", false],
    ["churn@v*", "churn@v1.0.0", true],
  ] as const)("%s against %s: %s", ([pattern, text, expected]) => {
    expect(matchesList([pattern], text)).toBe(expected);
  });

  it("lets the last pattern that matches decide", () => {
    expect(matchesList(["releases/**", "!releases/**-alpha"], "releases/1-alpha")).toBe(false);
    expect(matchesList(["!x", "*"], "x")).toBe(true);
    expect(matchesList(["!x"], "y")).toBe(false);
  });
});

describe("what starts a workflow", () => {
  it.for([
    ["push", occasion("push"), true],
    ["push", occasion("pull_request", { action: "opened" }), false],
    ["[push, issue_comment]", occasion("issue_comment", { action: "deleted" }), true],
    ["{ pull_request: }", occasion("pull_request", { action: "synchronize" }), true],
    ["{ pull_request: }", occasion("pull_request", { action: "labeled" }), false],
    ["{ pull_request: { types: [labeled] } }", occasion("pull_request", { action: "labeled" }), true],
    ["{ pull_request: { types: [labeled] } }", occasion("pull_request", { action: "opened" }), false],
    ["{ pull_request: { branches: [main] } }", occasion("pull_request", { action: "opened", branch: "dev" }), false],
    ["merge_group", occasion("merge_group", { action: "destroyed" }), false],
    ["merge_group", occasion("merge_group", { action: "checks_requested" }), true],
    ["{ push: { branches: [main] } }", occasion("push", { branch: undefined, tag: "v1" }), false],
    ["{ push: { tags: ['v*'] } }", occasion("push", { branch: undefined, tag: "v1" }), true],
    ["{ push: { tags: ['v*'] } }", occasion("push"), false],
    ["push", occasion("push", { branch: undefined, tag: "v1" }), true],
    ["{ push: { branches-ignore: ['dep/**'] } }", occasion("push", { branch: "dep/x/y" }), false],
    ["{ push: { paths: ['docs/**'] } }", occasion("push"), false],
    ["{ push: { paths: ['docs/**'] } }", occasion("push", { paths: ["a", "docs/b"] }), true],
    ["{ push: { paths-ignore: ['docs/**'] } }", occasion("push", { paths: ["docs/b"] }), false],
    ["{ push: { paths-ignore: ['docs/**'] } }", occasion("push", { paths: ["docs/b", "a"] }), true],
    [
      "{ push: { paths: ['late'] } }",
      occasion("push", { paths: [...Array.from({ length: 300 }, (_, n) => `f${n}`), "late"] }),
      false,
    ],
    [
      "{ workflow_run: { workflows: [CI] } }",
      occasion("workflow_run", { action: "completed", workflowName: "CI" }),
      true,
    ],
    [
      "{ workflow_run: { workflows: [CI] } }",
      occasion("workflow_run", { action: "completed", workflowName: "X" }),
      false,
    ],
  ] as const)("on: %s", async ([on, about, expected]) => {
    expect(await matchesTrigger(await triggers(on), about)).toBe(expected);
  });
});

describe("schedules", () => {
  const at = (text: string): Date => new Date(text);
  it.for([
    ["0 6 * * *", "2026-11-02T05:00Z", "2026-11-02T07:00Z", "2026-11-02T06:00:00.000Z"],
    ["0 6 * * *", "2026-11-02T06:00Z", "2026-11-03T05:59Z", undefined],
    ["*/15 * * * *", "2026-11-02T05:01Z", "2026-11-02T05:59Z", "2026-11-02T05:45:00.000Z"],
    ["0 0 1 * *", "2026-01-02T00:00Z", "2026-12-24T00:00Z", "2026-12-01T00:00:00.000Z"],
    ["30 5 * * MON-FRI", "2026-11-06T06:00Z", "2026-11-09T05:00Z", undefined],
    ["30 5 * * 1,3", "2026-11-06T06:00Z", "2026-11-09T06:00Z", "2026-11-09T05:30:00.000Z"],
    ["0 12 13 * 5", "2026-11-07T00:00Z", "2026-11-13T23:00Z", "2026-11-13T12:00:00.000Z"],
    ["0 0 29 2 *", "2026-03-01T00:00Z", "2029-01-01T00:00Z", "2028-02-29T00:00:00.000Z"],
  ] as const)("%s after %s until %s is last due at %s", ([cron, since, until, expected]) => {
    expect(lastDue(readCron(cron), at(since), at(until))?.toISOString()).toBe(expected);
  });

  it("keeps to a time zone", () => {
    expect(
      lastDue(
        readCron("0 6 * * *"),
        at("2026-11-02T00:00Z"),
        at("2026-11-02T12:00Z"),
        "America/New_York",
      )?.toISOString(),
    ).toBe("2026-11-02T11:00:00.000Z");
  });

  it.for(["* * * *", "60 * * * *", "* * * FOO *", "*/0 * * * *"])("refuses %s", (cron) => {
    expect(() => readCron(cron)).toThrow(`"${cron}" is no cron expression`);
  });
});

describe("inputs of a dispatch", () => {
  const on = `{ workflow_dispatch: { inputs: {
    text: { default: d }, must: { required: true }, yes: { type: boolean, default: true },
    n: { type: number, default: 4 }, pick: { type: choice, options: [a, b] }, env: { type: environment } } } }`;
  it("fills defaults and keeps types", async () => {
    const read = readDispatchInputs((await triggers(on)).dispatch ?? new Map(), { must: "m", n: "7" }, []);
    expect(read).toEqual({
      kind: "inputs",
      typed: { text: "d", must: "m", yes: true, n: 7, pick: "a", env: "" },
      texts: { text: "d", must: "m", yes: "true", n: "7", pick: "a", env: "" },
    });
  });

  it.for([
    [{ must: "m", other: 1 }, 'Unexpected inputs provided: ["other"]'],
    [{}, "Required input 'must' not provided"],
    [{ must: "m", pick: "c" }, "Provided value 'c' for input 'pick' not in the list of allowed values"],
    [{ must: "m", yes: "maybe" }, "Provided value 'maybe' for input 'yes' is not a boolean"],
    [{ must: "m", n: "x" }, "Provided value 'x' for input 'n' is not a number"],
    [{ must: "m", env: "nowhere" }, "Provided value 'nowhere' for input 'env' not in the list of allowed values"],
  ] as const)("refuses %o", async ([sent, message]) => {
    expect(readDispatchInputs((await triggers(on)).dispatch ?? new Map(), sent, ["production"])).toEqual({
      kind: "refused",
      message,
    });
  });
});

describe("permissions", () => {
  it("spell out the short forms and find what goes too far", () => {
    const all = spellOut({ kind: "all", level: "write" });
    expect(all["contents"]).toBe("write");
    expect(findExcess(all, spellOut({ kind: "all", level: "read" })).map(({ name }) => name)).toContain("id-token");
    expect(findExcess({ contents: "read", issues: "none" }, { contents: "write" })).toEqual([]);
    expect(findExcess({ contents: "write" }, {})).toEqual([{ name: "contents", asked: "write", granted: "none" }]);
  });
});
