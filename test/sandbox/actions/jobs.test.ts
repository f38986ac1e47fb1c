import { afterEach, describe, expect, it } from "vitest";
import { createBench, runWorkflow } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { said } from "./said.ts";

let bench: Bench;
afterEach(() => bench.stop());

function workflow(jobs: string, head = ""): Record<string, string> {
  return { ".github/workflows/ci.yml": `on: push\n${head}\njobs:\n${jobs}` };
}

/** Conclusions by name of the newest run. */
function results(): Record<string, string | null> {
  return Object.fromEntries(bench.jobs(1).map((job) => [job.name, job.conclusion]));
}

const ok = 'runs-on: x, steps: [{ run: "true" }]';
const bad = 'runs-on: x, steps: [{ run: "false" }]';

describe("needs and if", () => {
  it("runs what is independent at the same time, at most as many as there are runners", async () => {
    const jobs = ["a", "b", "c"].map((id) => `  ${id}: { runs-on: x, steps: [{ run: "sleep 0.3" }] }\n`).join("");
    bench = createBench(workflow(jobs), { maxJobs: 2 });
    const run = await runWorkflow(bench);
    expect(run.conclusion).toBe("success");
    const order = bench.events.filter((event) => /^[abc] /.test(event));
    expect(order.slice(0, 5)).toEqual(["a queued", "b queued", "c queued", "a in_progress", "b in_progress"]);
    expect(order.indexOf("c in_progress")).toBeGreaterThan(5);
  });

  it("skips behind a failure, unless the condition asks for it; a skipped ancestor counts through always()", async () => {
    bench = createBench(
      workflow(`
  good: { ${ok} }
  bad: { ${bad} }
  after: { needs: [good, bad], ${ok} }
  anyway: { needs: [bad], if: always(), ${ok} }
  failed: { needs: [good, bad], if: failure(), ${ok} }
  named: { needs: [bad], if: "!cancelled() && needs.bad.result == 'failure'", ${ok} }
  behind: { needs: [anyway], ${ok} }
  reached: { needs: [anyway], if: "!failure() && !cancelled() && needs.anyway.result == 'success'", ${ok} }
  reached2: { needs: [anyway], if: "!cancelled() && needs.anyway.result == 'success'", ${ok} }
  off: { if: github.ref == 'refs/heads/other', ${ok} }
`),
    );
    expect((await runWorkflow(bench)).conclusion).toBe("failure");
    expect(results()).toEqual({
      good: "success",
      bad: "failure",
      after: "skipped",
      anyway: "success",
      failed: "success",
      named: "success",
      behind: "skipped",
      reached: "skipped",
      reached2: "success",
      off: "skipped",
    });
  });

  it("lets a job fail that may: the run and what needs it go on", async () => {
    bench = createBench(
      workflow(`
  soft: { continue-on-error: true, ${bad} }
  after: { needs: soft, runs-on: x, steps: [{ run: "echo \${{ needs.soft.result }}" }] }
`),
    );
    expect((await runWorkflow(bench)).conclusion).toBe("success");
    expect(results()).toEqual({ soft: "failure", after: "success" });
    expect(said(bench, "after")).toEqual(["success"]);
  });

  it("calls a run skipped when all its jobs are", async () => {
    bench = createBench(workflow(`  a: { if: false, ${ok} }\n`));
    expect((await runWorkflow(bench)).conclusion).toBe("skipped");
  });

  it("ends a job that takes too long; always() steps still run", async () => {
    bench = createBench(
      workflow(`
  a:
    runs-on: x
    timeout-minutes: 0.005
    steps:
      - run: sleep 60
      - run: echo not this
      - run: echo tidy "\${{ job.status }}"
        if: always()
`),
    );
    const run = await runWorkflow(bench);
    expect(run.conclusion).toBe("cancelled");
    expect(results()).toEqual({ a: "cancelled" });
    expect(said(bench, "a")).toContain("tidy cancelled");
    expect(bench.job("a").annotations[0]?.message).toMatch(/exceeded the maximum execution time/);
  });
});

describe("matrix", () => {
  it("spreads lists, excludes, includes, and names the jobs", async () => {
    bench = createBench(
      workflow(`
  a:
    runs-on: \${{ matrix.os }}
    strategy:
      matrix:
        os: [one, two]
        n: [1, 2]
        exclude: [{ os: two, n: 1 }]
        include:
          - { os: one, n: 2, extra: yes }
          - { os: three, n: 9 }
    steps: [{ run: 'echo "\${{ matrix.os }} \${{ matrix.n }} \${{ matrix.extra }} \${{ strategy.job-index }}/\${{ strategy.job-total }}"' }]
  named:
    name: for \${{ matrix.n }}
    runs-on: x
    strategy: { matrix: { n: [5] } }
    steps: [{ run: "true" }]
`),
    );
    await runWorkflow(bench);
    expect(Object.keys(results()).toSorted()).toEqual([
      "a (one, 1)",
      "a (one, 2, yes)",
      "a (three, 9)",
      "a (two, 2)",
      "for 5",
    ]);
    expect(said(bench, "a (three, 9)")).toEqual(["three 9  3/4"]);
    expect(bench.job("a (three, 9)").labels).toEqual(["three"]);
  });

  it("takes a list that a job made, merges outputs, and cannot be empty", async () => {
    bench = createBench(
      workflow(`
  plan:
    runs-on: x
    outputs: { list: "\${{ steps.s.outputs.list }}", none: "\${{ steps.s.outputs.none }}" }
    steps: [{ id: s, run: 'echo "list=[{\\"m\\":\\"a\\"},{\\"m\\":\\"b\\"}]" >> $GITHUB_OUTPUT; echo "none=[]" >> $GITHUB_OUTPUT' }]
  train:
    needs: plan
    runs-on: x
    strategy: { matrix: { include: "\${{ fromJSON(needs.plan.outputs.list) }}" } }
    outputs: { a: "\${{ steps.s.outputs.a }}", b: "\${{ steps.s.outputs.b }}" }
    steps: [{ id: s, run: 'echo "\${{ matrix.m }}=of-\${{ matrix.m }}" >> $GITHUB_OUTPUT' }]
  empty:
    needs: plan
    runs-on: x
    strategy: { matrix: { m: "\${{ fromJSON(needs.plan.outputs.none) }}" } }
    steps: [{ run: "true" }]
  end: { needs: train, runs-on: x, steps: [{ run: "echo \${{ needs.train.outputs.a }} \${{ needs.train.outputs.b }}" }] }
`),
    );
    expect((await runWorkflow(bench)).conclusion).toBe("failure");
    expect(results()).toMatchObject({
      "train (a)": "success",
      "train (b)": "success",
      empty: "failure",
      end: "success",
    });
    expect(said(bench, "end")).toEqual(["of-a of-b"]);
    expect(bench.job("empty").annotations[0]?.message).toBe("Matrix vector 'm' does not contain any values");
  });

  it("cancels the others when one fails, unless told not to", async () => {
    const jobs = (id: string, failFast: boolean): string => `
  ${id}:
    runs-on: x
    strategy: { fail-fast: ${failFast}, matrix: { n: [1, 2] } }
    steps: [{ run: "if [ \${{ matrix.n }} = 1 ]; then sleep 0.2; exit 1; else sleep \${{ ${failFast} && 30 || 0.4 }}; fi" }]
`;
    bench = createBench(workflow(jobs("fast", true) + jobs("slow", false)), { maxJobs: 4 });
    const run = await runWorkflow(bench);
    expect(run.conclusion).toBe("failure");
    expect(run.seconds).toBeLessThan(10);
    expect(results()).toEqual({
      "fast (1)": "failure",
      "fast (2)": "cancelled",
      "slow (1)": "failure",
      "slow (2)": "success",
    });
  });

  it("keeps to max-parallel", async () => {
    bench = createBench(
      workflow(`
  a:
    runs-on: x
    strategy: { max-parallel: 1, matrix: { n: [1, 2] } }
    steps: [{ run: "sleep 0.1" }]
`),
      { maxJobs: 4 },
    );
    await runWorkflow(bench);
    expect(bench.events.indexOf("a (2) in_progress")).toBeGreaterThan(bench.events.indexOf("a (1) success"));
  });
});

describe("a job that stands at an environment", () => {
  it("gets its secrets and variables, and keeps name and URL", async () => {
    bench = createBench(
      workflow(`
  a:
    runs-on: x
    environment: { name: production, url: "https://x/\${{ steps.s.outputs.v }}" }
    steps: [{ id: s, run: 'echo "v=7" >> $GITHUB_OUTPUT; echo "\${{ vars.WHERE }} \${{ secrets.KEY != '''' }}"' }]
`),
    );
    await runWorkflow(bench, {
      vars: { WHERE: "repository" },
      environments: { production: { vars: { WHERE: "production" }, secrets: { KEY: "secret-of-it" } } },
    });
    expect(bench.job("a").environment).toEqual({ name: "production", url: "https://x/7", deployment: true });
    expect(said(bench, "a")).toEqual(["production true"]);
  });
});

describe("a workflow that cannot be run", () => {
  it("fails at start, with line and column and no job", async () => {
    bench = createBench(workflow("  a:\n    runs-on: x\n    steps:\n      - runn: true\n"));
    const run = await runWorkflow(bench);
    expect(run.conclusion).toBe("startup_failure");
    expect(run.problems[0]).toEqual({
      file: ".github/workflows/ci.yml",
      line: 7,
      column: 9,
      message: "Unexpected value 'runn'",
    });
    expect(bench.jobs(run.id)).toEqual([]);
  });

  it.for([
    [
      "an unknown name",
      `  a: { runs-on: x, steps: [{ run: "echo \${{ foo.bar }}" }] }`,
      "Unrecognized named-value: 'foo'",
    ],
    ["a circle", `  z: { ${ok} }\n  a: { needs: b, ${ok} }\n  b: { needs: a, ${ok} }`, "b"],
    ["a missing need", `  z: { ${ok} }\n  a: { needs: zz, ${ok} }`, "zz"],
    ["a container", `  a: { container: node, ${ok} }`, 'The sandbox runs no "container" (job "a")'],
    ["text that is no YAML", "  a: [", "Flow sequence"],
  ] as const)("names %s", async ([, jobs, message]) => {
    bench = createBench(workflow(jobs));
    const run = await runWorkflow(bench);
    expect(run.conclusion).toBe("startup_failure");
    expect(run.problems.map((problem) => problem.message).join("\n")).toContain(message);
  });
});

describe("permissions of the token", () => {
  const files = {
    ".github/workflows/in.yml": `
on: workflow_call
jobs:
  all: { ${ok} }
  less: { permissions: { issues: read }, ${ok} }
`,
    ".github/workflows/ci.yml": `
on: push
permissions: { contents: write, issues: write }
jobs:
  top: { ${ok} }
  own: { permissions: read-all, ${ok} }
  none: { permissions: {}, ${ok} }
  call: { permissions: { issues: write }, uses: ./.github/workflows/in.yml }
`,
    ".github/workflows/plain.yml": `on: push\njobs:\n  plain: { ${ok} }\n`,
  };

  it("are the job's, else the workflow's, else the default; a called workflow gets no more than its caller", async () => {
    bench = createBench(files);
    bench.start();
    bench.start({ workflow: ".github/workflows/plain.yml" });
    await bench.idle();
    expect(Object.fromEntries(bench.permissions)).toMatchObject({
      top: { contents: "write", issues: "write" },
      own: { contents: "read", checks: "read", "id-token": "none" },
      none: {},
      "call / all": { issues: "write" },
      "call / less": { issues: "read" },
      plain: { contents: "read", packages: "read" },
    });
    expect(bench.permissions.get("call / all")).not.toHaveProperty("contents");
  });

  it("are read only for a fork, which gets no secrets either", async () => {
    bench = createBench({
      ".github/workflows/ci.yml":
        "on: push\npermissions: write-all\njobs:\n  a: { runs-on: x, steps: [{ run: \"echo '[${{ secrets.KEY }}]'\" }] }\n",
    });
    await runWorkflow(bench, { fromFork: true, secrets: { KEY: "not for forks" } });
    expect(Object.values(bench.permissions.get("a") ?? {})).not.toContain("write");
    expect(said(bench, "a")).toEqual(["[]"]);
  });
});

describe("another attempt", () => {
  it("runs again what failed and what needs it, and takes the rest over", async () => {
    bench = createBench(
      workflow(`
  a: { runs-on: x, outputs: { v: "\${{ steps.s.outputs.v }}" }, steps: [{ id: s, run: 'echo "v=$GITHUB_RUN_ATTEMPT" >> $GITHUB_OUTPUT' }] }
  b: { needs: a, runs-on: x, steps: [{ run: "test $GITHUB_RUN_ATTEMPT = 2; echo \${{ needs.a.outputs.v }}" }] }
  c: { needs: b, if: always(), ${ok} }
`),
    );
    const first = await runWorkflow(bench);
    expect(first.conclusion).toBe("failure");
    const kept = bench.jobs(1).filter((job) => job.conclusion === "success");
    const second = await runWorkflow(bench, { attempt: 2, reuse: new Map(kept.map((job) => [job.key, job])) });
    expect(second.conclusion).toBe("success");
    expect(said(bench, "b")).toEqual(["1"]);
    expect(
      bench.jobs(second.id).map((job) => [job.name, job.startedAt === kept[0]?.startedAt && job.name === "a"]),
    ).toEqual([
      ["a", true],
      ["b", false],
      ["c", false],
    ]);
  });
});
