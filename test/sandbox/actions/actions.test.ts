import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createBench, runWorkflow } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { said } from "./said.ts";

let bench: Bench;
const folders: string[] = [];
afterEach(async () => {
  await bench.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function job(steps: string): Record<string, string> {
  return { ".github/workflows/ci.yml": `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${steps}` };
}

function writeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "actions-other-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const stages = `
import { appendFileSync } from "node:fs";
const { STATE_stage, INPUT_WHO, "INPUT_TWO_WORDS": words, GITHUB_STATE, GITHUB_OUTPUT } = process.env;
console.log(process.argv[1].split("/").at(-1), STATE_stage ?? "fresh", INPUT_WHO, words ?? "");
appendFileSync(GITHUB_STATE, "stage=" + (STATE_stage ?? "") + "+\\n");
appendFileSync(GITHUB_OUTPUT, "greeting=hello " + INPUT_WHO + "\\n");
`;

describe("JavaScript actions", () => {
  it("run pre, main and post with a state of their own, posts in reverse, also after a failure", async () => {
    const other = writeFolder({
      "act/action.yml": `
name: act
description: three stages
inputs: { who: { default: nobody }, two words: {} }
outputs: { greeting: { description: x } }
runs: { using: node24, pre: pre.mjs, main: ../lib/main.mjs, post: post.mjs }
`,
      "act/pre.mjs": stages,
      "lib/main.mjs": stages,
      "act/post.mjs": stages,
    });
    bench = createBench(
      job(`
      - run: echo first
      - id: one
        uses: acme/tools/act@v1
        with: { who: ada, two words: "2" }
      - uses: acme/tools/act@v1
      - run: echo "\${{ steps.one.outputs.greeting }}"; exit 1
      - uses: acme/tools/act@v1
        with: { who: skipped }
`),
      { repositories: { "acme/tools": other } },
    );
    expect((await runWorkflow(bench)).conclusion).toBe("failure");
    expect(said(bench, "a").filter((line) => !line.startsWith("##"))).toEqual([
      "pre.mjs fresh ada 2",
      "pre.mjs fresh nobody ",
      "pre.mjs fresh skipped ",
      "first",
      "main.mjs + ada 2",
      "main.mjs + nobody ",
      "hello ada",
      "post.mjs + skipped ",
      "post.mjs ++ nobody ",
      "post.mjs ++ ada 2",
    ]);
    expect(bench.job("a").steps.map((step) => step.name)).toEqual([
      "Set up job",
      "Pre acme/tools/act@v1",
      "Pre acme/tools/act@v1",
      "Pre acme/tools/act@v1",
      "Run echo first",
      "Run acme/tools/act@v1",
      "Run acme/tools/act@v1",
      'Run echo "hello ada"; exit 1',
      "Run acme/tools/act@v1",
      "Post acme/tools/act@v1",
      "Post acme/tools/act@v1",
      "Post acme/tools/act@v1",
      "Complete job",
    ]);
  });

  it("fail with their exit code, and at the start when they cannot be found", async () => {
    bench = createBench({
      ...job(`
      - uses: actions/checkout@v4
      - uses: ./broken
`),
      "broken/action.yml": "name: b\ndescription: b\nruns: { using: node24, main: b.mjs }\n",
      "broken/b.mjs": "process.exitCode = 4;",
    });
    expect((await runWorkflow(bench)).conclusion).toBe("failure");
    expect(said(bench, "a")).toEqual(['##[error]"./broken" ended with exit code 4']);
    await bench.stop();
    bench = createBench(job("      - run: echo never\n      - uses: who/knows@v1\n"));
    expect((await runWorkflow(bench)).conclusion).toBe("failure");
    expect(said(bench, "a")).toEqual([expect.stringContaining('Unable to resolve action "who/knows@v1"')]);
  });

  it("see no token but what they are given", async () => {
    bench = createBench({
      ...job(`
      - uses: $/probe
        with: { token: "\${{ github.token }}" }
`),
      "probe/action.yml": "name: p\ndescription: p\ninputs: { token: {} }\nruns: { using: node24, main: p.mjs }\n",
      "probe/p.mjs":
        'console.log(Object.entries(process.env).filter(([, v]) => v.startsWith("ghs_")).map(([n]) => n).join(), "GITHUB_ACTION_PATH" in process.env)',
    });
    await runWorkflow(bench);
    expect(said(bench, "a")).toEqual(["INPUT_TOKEN false"]);
  });
});

describe("composite actions", () => {
  it("nest, pass inputs, outputs and environment, and know where they stand", async () => {
    const other = writeFolder({
      "outer/action.yml": `
name: outer
description: x
inputs: { who: { required: true }, from: { default: "\${{ github.ref_name }}" } }
outputs: { all: { value: "\${{ steps.in.outputs.it }}!" } }
runs:
  using: composite
  steps:
    - run: echo "outer \${{ inputs.who }} \${{ inputs.from }} $FROM_STEP \${{ env.FROM_STEP }} $(basename "$GITHUB_ACTION_PATH")"
      shell: bash
    - id: in
      uses: $/inner
      with: { what: "\${{ inputs.who }}s" }
`,
      "inner/action.yml": `
name: inner
description: x
inputs: { what: {} }
outputs: { it: { value: "\${{ steps.x.outputs.v }}" } }
runs:
  using: composite
  steps:
    - id: x
      run: echo "v=\${{ inputs.what }}" >> $GITHUB_OUTPUT; echo "inner in $(basename "\${{ github.action_path }}")"; echo "LATER=1" >> $GITHUB_ENV
      shell: bash
    - uses: ./mine
`,
    });
    bench = createBench(
      {
        ...job(`
      - uses: actions/checkout@v4
      - id: o
        uses: acme/tools/outer@main
        with: { who: ada }
        env: { FROM_STEP: step }
      - run: echo "\${{ steps.o.outputs.all }} $LATER \${FROM_STEP:-gone}"
`),
        "mine/action.yml":
          "name: m\ndescription: m\nruns: { using: composite, steps: [{ run: echo mine of the workspace, shell: sh }] }\n",
      },
      { repositories: { "acme/tools": other } },
    );
    expect((await runWorkflow(bench)).conclusion).toBe("success");
    expect(said(bench, "a")).toEqual([
      "outer ada main step step outer",
      "inner in inner",
      "mine of the workspace",
      "adas! 1 gone",
    ]);
  });

  it("fail as a whole, and their own conditions look at themselves alone", async () => {
    bench = createBench({
      ...job(`
      - run: exit 1
        continue-on-error: true
      - uses: $/comp
      - run: echo not reached
      - uses: $/comp
        if: failure()
`),
      "comp/action.yml": `
name: c
description: c
runs:
  using: composite
  steps:
    - { run: echo starts, shell: sh }
    - { run: exit 7, shell: sh }
    - { run: echo skipped, shell: sh }
    - { run: echo "handles", shell: sh, if: failure() }
`,
    });
    expect((await runWorkflow(bench)).conclusion).toBe("failure");
    const ran = ["starts", "##[error]Process completed with exit code 7.", "handles"];
    expect(said(bench, "a")).toEqual(["##[error]Process completed with exit code 1.", ...ran, ...ran]);
  });
});

describe("reusable workflows", () => {
  const called = `
on:
  workflow_call:
    inputs: { who: { type: string, required: true }, loud: { type: boolean, default: false }, n: { type: number, default: 3 } }
    secrets: { KEY: { required: false }, OTHER: {} }
    outputs: { said: { value: "\${{ jobs.say.outputs.it }}" } }
env: { OWN: own }
jobs:
  say:
    runs-on: x
    outputs: { it: "\${{ steps.s.outputs.it }}" }
    steps:
      - id: s
        run: echo "it=\${{ inputs.who }}/\${{ inputs.loud && 'loud' }}/\${{ inputs.n + 0 == 3 }}/$OWN/$OUTER/\${{ secrets.KEY != '' }}/\${{ secrets.OTHER != '' }}/\${{ github.event_name }}" >> $GITHUB_OUTPUT
`.replace("inputs.n + 0 == 3", "inputs.n == 3");

  it("run as jobs of the same run, with inputs, secrets and outputs, local and from elsewhere", async () => {
    const other = writeFolder({
      ".github/workflows/said.yml": called,
      ".github/workflows/deep.yml": `
on: { workflow_call: { inputs: { who: { type: string } }, outputs: { said: { value: "\${{ jobs.in.outputs.said }}" } } } }
jobs: { in: { uses: $/.github/workflows/said.yml, with: { who: "deep-\${{ inputs.who }}" }, secrets: inherit } }
`,
    });
    bench = createBench(
      {
        ".github/workflows/said.yml": called,
        ".github/workflows/ci.yml": `
on: push
env: { OUTER: outer }
jobs:
  local: { uses: ./.github/workflows/said.yml, with: { who: ada, loud: true }, secrets: { KEY: "\${{ secrets.K }}" } }
  far: { needs: local, uses: acme/tools/.github/workflows/deep.yml@v2, with: { who: "\${{ needs.local.result }}" }, secrets: inherit }
  end: { needs: [local, far], runs-on: x, steps: [{ run: 'echo "\${{ needs.local.outputs.said }} \${{ needs.far.outputs.said }}"' }] }
`,
      },
      { repositories: { "acme/tools": other } },
    );
    const run = await runWorkflow(bench, { secrets: { K: "k-value", OTHER: "o-value" } });
    expect(run.conclusion).toBe("success");
    expect(bench.jobs(run.id).map((one) => [one.name, one.key])).toEqual([
      ["local / say", "local/say"],
      ["far / in / say", "far/in/say"],
      ["end", "end"],
    ]);
    expect(said(bench, "end")).toEqual([
      "ada/loud/true/own//true/false/push deep-success/false/true/own//false/true/push",
    ]);
    expect(run.called.map((one) => one.path)).toEqual([
      "acme/shop/.github/workflows/said.yml@refs/heads/main",
      "acme/tools/.github/workflows/deep.yml@v2",
      "acme/tools/.github/workflows/said.yml@v2",
    ]);
  });

  it.for([
    [
      "asks for more than it is given",
      "with: { who: a }, permissions: { contents: read }",
      "is requesting 'contents: write', but is only allowed 'contents: read'",
    ],
    ["gets an input it does not know", "with: { who: a, what: b }", "Invalid input, what is not defined"],
    ["misses an input", "", "Input who is required"],
    ["gets a secret it does not know", "with: { who: a }, secrets: { NO: x }", "Invalid secret, NO is not defined"],
    ["gets text for a boolean", "with: { who: a, loud: perhaps }", "Input loud must be a boolean"],
  ] as const)("make the run invalid at start where one %s", async ([, extra, message]) => {
    bench = createBench({
      ".github/workflows/said.yml": called.replace("jobs:\n", "permissions: { contents: write }\njobs:\n"),
      ".github/workflows/ci.yml": `on: push\njobs:\n  call:\n    uses: ./.github/workflows/said.yml
    ${extra.split(/, (?=with|permissions|secrets)/).join("\n    ")}\n${extra.includes("permissions") ? "" : "    permissions: { contents: write }\n"}`,
    });
    const run = await runWorkflow(bench);
    expect(run.conclusion).toBe("startup_failure");
    expect(run.problems.map((problem) => problem.message).join("\n")).toContain(message);
  });
});
