import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { createBench, runWorkflow } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { said } from "./said.ts";

let bench: Bench;
afterEach(() => bench.stop());

/** A workflow of one job "a" with these lines as its steps. */
function oneJob(steps: string, head = ""): Record<string, string> {
  const indented = steps
    .trim()
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");
  return {
    ".github/workflows/ci.yml": `on: push\n${head}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${indented}\n`,
  };
}

describe("what steps pass on", () => {
  it("takes outputs, environment and path from command files, heredocs too", async () => {
    bench = createBench(
      oneJob(`
- id: one
  run: |
    echo "plain=a b" >> $GITHUB_OUTPUT
    printf 'many<<END\\nx\\ny=z\\nEND\\n' >> "$GITHUB_OUTPUT"
    echo "FROM_FILE=kept" >> $GITHUB_ENV
    mkdir tools; printf '#!/bin/sh\\necho tool\\n' > tools/mine; chmod +x tools/mine
    echo "$PWD/tools" >> $GITHUB_PATH
- run: |
    echo "\${{ steps.one.outputs.plain }}|$FROM_FILE|\${{ env.FROM_FILE }}"
    mine
    cat <<'X'
    \${{ steps.one.outputs.many }}
    X
`),
    );
    expect((await runWorkflow(bench)).conclusion).toBe("success");
    expect(said(bench, "a")).toEqual(["a b|kept|kept", "tool", "x", "y=z"]);
  });

  it("layers the environment: workflow, job, GITHUB_ENV, step", async () => {
    const files = oneJob(
      `
- run: echo "$W $J $S"
  env: { S: "step of \${{ env.W }}", J: nearer }
- run: echo "J=set" >> $GITHUB_ENV
- run: echo "$W $J \${S:-none}"
`,
      "env: { W: workflow, J: outer }",
    );
    bench = createBench(files);
    await runWorkflow(bench);
    expect(said(bench, "a")).toEqual(["workflow nearer step of workflow", "workflow set none"]);
  });

  it("fails the step whose command file cannot be read", async () => {
    bench = createBench(oneJob("- run: echo nonsense >> $GITHUB_OUTPUT"));
    expect((await runWorkflow(bench)).conclusion).toBe("failure");
    expect(said(bench, "a")).toEqual(["##[error]Invalid format 'nonsense'"]);
  });

  it("keeps the summary and the annotations, and masks them", async () => {
    bench = createBench(
      oneJob(`
- run: |
    echo "::add-mask::hush hush"
    echo "## Sum hush hush" >> $GITHUB_STEP_SUMMARY
    echo "::error file=a.js,line=3,title=Bad%2C very::first%0Asecond hush hush"
    echo "::warning::careful"
    echo "::group::inside"
    echo "::endgroup::"
    echo "::stop-commands::token"
    echo "::error::not a command"
    echo "##[error]not one either"
    echo "::token::"
    echo "late ##[notice file=b.js;line=4]older form"
    echo "hush hush, \${{ secrets.KEY }}"
`),
    );
    await runWorkflow(bench, { secrets: { KEY: "s3cr3t-value" } });
    const job = bench.job("a");
    expect(job.summary).toBe("## Sum ***\n");
    expect(job.annotations).toEqual([
      { level: "failure", message: "first\nsecond ***", title: "Bad, very", path: "a.js", line: 3 },
      { level: "warning", message: "careful", title: null, path: null, line: null },
      { level: "notice", message: "older form", title: null, path: "b.js", line: 4 },
    ]);
    const log = bench.log("a");
    expect(log).toContain("***, ***");
    expect(log).toContain("::error::not a command");
    expect(log).not.toContain("s3cr3t-value");
    // Only the line that made it a secret may show it.
    expect(log.split("\n").filter((line) => line.includes("hush hush") && !line.includes("add-mask"))).toHaveLength(3);
  });

  it("masks a token however it is printed, and keeps secrets out of job outputs", async () => {
    bench = createBench({
      ".github/workflows/ci.yml": `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: { open: "\${{ steps.s.outputs.open }}", shut: "\${{ steps.s.outputs.shut }}" }
    steps:
      - id: s
        env: { KEY: "\${{ secrets.KEY }}" }
        run: |
          echo "open=fine" >> $GITHUB_OUTPUT
          echo "shut=x-$KEY" >> $GITHUB_OUTPUT
          printf %s "$KEY" | base64
          echo "\${{ github.token }}"
`,
    });
    await runWorkflow(bench, { secrets: { KEY: "a-long-secret-value" } });
    expect(bench.job("a").outputs).toEqual({ open: "fine", shut: "" });
    expect(said(bench, "a").filter((line) => !line.startsWith("##"))).toEqual([
      expect.stringMatching(/^\*\*\*.{0,3}$/),
      "***",
    ]);
  });
});

describe("how steps run", () => {
  it("knows the shells, the defaults and the working directory", async () => {
    bench = createBench(
      oneJob(
        `
- run: false | true; echo "unnamed shells have no pipefail"
- run: false | true
  shell: bash
  continue-on-error: true
- run: echo "$0" | sed 's/.*\\.//'; pwd | sed 's/.*shop.//'
  working-directory: sub
- run: console.log("node", process.argv.length)
  shell: node {0}
- run: echo never
  shell: fish
`,
        "defaults: { run: { working-directory: . } }",
      ),
    );
    await runWorkflow(bench);
    expect(said(bench, "a")).toEqual([
      "unnamed shells have no pipefail",
      "##[error]Process completed with exit code 1.",
      expect.stringMatching(/"bash" cannot be started: there is no folder ".*sub"/),
      "##[error]Process completed with exit code 127.",
    ]);
    expect(bench.job("a").steps.map((step) => step.conclusion)).toEqual([
      "success",
      "success",
      "success",
      "failure",
      "skipped",
      "skipped",
      "success",
    ]);
  });

  it("reads conditions: success by default, failure(), always(), outcome before continue-on-error", async () => {
    bench = createBench(
      oneJob(`
- id: soft
  run: exit 3
  continue-on-error: true
- run: echo "\${{ steps.soft.outcome }} \${{ steps.soft.conclusion }} \${{ job.status }}"
- run: exit 1
- run: echo skipped
- run: echo "after \${{ job.status }}"
  if: failure() && steps.soft.outcome == 'failure'
- run: echo always
  if: \${{ always() }}
- run: echo never
  if: cancelled()
`),
    );
    expect((await runWorkflow(bench)).conclusion).toBe("failure");
    expect(said(bench, "a")).toEqual([
      "##[error]Process completed with exit code 3.",
      "failure success success",
      "##[error]Process completed with exit code 1.",
      "after failure",
      "always",
    ]);
  });

  it("ends a step that takes too long, and what it started", async () => {
    bench = createBench(
      oneJob(`
- run: sleep 60 & sleep 60
  timeout-minutes: 0.005
- run: echo after
  if: failure()
`),
    );
    const run = await runWorkflow(bench);
    expect(run.conclusion).toBe("failure");
    expect(run.seconds).toBeLessThan(5);
    expect(said(bench, "a")).toEqual([expect.stringContaining("has timed out after 0.005 minutes"), "after"]);
  });

  it("computes hashFiles, format, contains, fromJSON and toJSON", async () => {
    bench = createBench({
      ...oneJob(`
- uses: actions/checkout@v4
- run: |
    echo "\${{ hashFiles('data/**') }}"
    echo "\${{ hashFiles('none/**') }}."
    echo "\${{ format('{0}-{1}', 'a', 2) }} \${{ contains(fromJSON('["x","y"]'), 'Y') }} \${{ fromJSON('{"n":{"m":[1,2]}}').n.m[1] }}"
    tr -d '\\n ' <<< '\${{ toJSON(fromJSON('{"a":1}')) }}'
`),
      "data/b.txt": "b",
      "data/sub/a.txt": "a",
    });
    await runWorkflow(bench);
    const lines = said(bench, "a");
    const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
    const all = createHash("sha256").update(digest("b")).update(digest("a")).digest("hex");
    expect(lines).toEqual([all, ".", "a-2 true 2", '{"a":1}']);
  });
});

describe("what a step's environment holds", () => {
  it("is what GitHub would set, and nothing of this process", async () => {
    process.env["HOST_ONLY_SECRET"] = "leaked-from-host";
    bench = createBench(oneJob("- run: env | sort; cat /proc/$PPID/environ > /dev/null"), {
      runnerEnv: { ADDED: "by-setting" },
      runnerPath: ["/opt/added"],
    });
    await runWorkflow(bench);
    delete process.env["HOST_ONLY_SECRET"];
    const lines = said(bench, "a");
    const names = lines.map((line) => line.slice(0, line.indexOf("=")));
    expect(bench.log("a")).not.toContain("leaked-from-host");
    expect(names.filter((name) => /^(npm_|VITEST|NODE|HOST_)/.test(name))).toEqual([]);
    expect(names).not.toContain("GITHUB_TOKEN");
    expect(names).not.toContain("ACTIONS_RUNTIME_TOKEN");
    expect(lines).toContain("CI=true");
    expect(lines).toContain("ADDED=by-setting");
    expect(lines.find((line) => line.startsWith("PATH="))).toMatch(/\/opt\/added/);
    for (const name of [
      "GITHUB_ACTION",
      "GITHUB_ACTIONS",
      "GITHUB_ACTOR",
      "GITHUB_API_URL",
      "GITHUB_ENV",
      "GITHUB_EVENT_NAME",
      "GITHUB_EVENT_PATH",
      "GITHUB_JOB",
      "GITHUB_OUTPUT",
      "GITHUB_PATH",
      "GITHUB_REF",
      "GITHUB_REF_NAME",
      "GITHUB_REPOSITORY",
      "GITHUB_RUN_ATTEMPT",
      "GITHUB_RUN_ID",
      "GITHUB_SERVER_URL",
      "GITHUB_SHA",
      "GITHUB_STEP_SUMMARY",
      "GITHUB_WORKFLOW",
      "GITHUB_WORKFLOW_REF",
      "GITHUB_WORKSPACE",
      "RUNNER_OS",
      "RUNNER_TEMP",
      "RUNNER_TOOL_CACHE",
    ]) {
      expect(names).toContain(name);
    }
  });
});
