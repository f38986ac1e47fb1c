import { afterEach, describe, expect, it } from "vitest";
import { createBench } from "./bench.ts";
import type { Bench } from "./bench.ts";

let bench: Bench;
afterEach(() => bench.stop());

function workflow(concurrency: string, jobs: string): Record<string, string> {
  return { ".github/workflows/ci.yml": `on: push\nconcurrency: ${concurrency}\njobs:\n${jobs}` };
}

const short = '  a: { runs-on: x, steps: [{ run: "sleep 0.3" }] }\n';
const conclusions = (...ids: number[]): (string | null)[] => ids.map((id) => bench.run(id).conclusion);

describe("a concurrency group of workflows", () => {
  it("lets one run and one wait; a newer one takes the waiting one's place", async () => {
    bench = createBench(workflow("Group", short));
    const first = bench.start();
    await bench.until("a", "in_progress");
    const second = bench.start();
    const third = bench.start();
    await bench.idle();
    expect(conclusions(first.id, second.id, third.id)).toEqual(["success", "cancelled", "success"]);
    expect(bench.jobs(second.id)).toEqual([]);
    expect(bench.events).toContain("run pending");
  });

  it("cancels the one that runs when told to, by an expression too", async () => {
    bench = createBench(
      workflow(
        "{ group: 'pr-${{ github.event.number }}', cancel-in-progress: \"${{ github.event_name == 'push' }}\" }",
        '  a: { runs-on: x, steps: [{ run: "sleep 30" }] }\n',
      ),
    );
    const event = (number: number) => ({ event: { name: "push", payload: { number } } });
    const first = bench.start(event(1));
    await bench.until("a", "in_progress");
    const other = bench.start(event(2));
    const second = bench.start(event(1));
    while (bench.run(first.id).status !== "completed") await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bench.run(first.id).conclusion).toBe("cancelled");
    expect(bench.run(other.id).status).toBe("in_progress");
    bench.cancel(other.id);
    bench.cancel(second.id);
    await bench.idle();
  });

  it("waits in line with queue: max, whatever comes", async () => {
    bench = createBench(workflow("{ group: line, queue: max }", short));
    const ids = [bench.start().id, bench.start().id, bench.start().id, bench.start().id];
    await bench.idle();
    expect(conclusions(...ids)).toEqual(["success", "success", "success", "success"]);
    expect(bench.events.filter((event) => event.startsWith("a ") && event !== "a queued")).toEqual(
      ids.flatMap(() => ["a in_progress", "a success"]),
    );
  });
});

describe("a concurrency group of jobs", () => {
  it("is shared across runs and workflows; case does not matter", async () => {
    const one = (group: string): string => `on: push
jobs:
  a: { runs-on: x, concurrency: ${group}, steps: [{ run: "sleep 0.2" }] }
`;
    bench = createBench(
      { ".github/workflows/ci.yml": one("Deploy"), ".github/workflows/other.yml": one("deploy") },
      { maxJobs: 4 },
    );
    const first = bench.start();
    const second = bench.start({ workflow: ".github/workflows/other.yml" });
    await bench.idle();
    expect(conclusions(first.id, second.id)).toEqual(["success", "success"]);
    expect(bench.events).toContain("a pending");
    const order = bench.events.filter((event) => /^a (in_progress|success)$/.test(event));
    expect(order).toEqual(["a in_progress", "a success", "a in_progress", "a success"]);
  });

  it("can be cancelled while it waits", async () => {
    bench = createBench(
      {
        ".github/workflows/ci.yml":
          'on: push\njobs:\n  a: { runs-on: x, concurrency: g, steps: [{ run: "sleep 1" }] }\n',
      },
      { maxJobs: 4 },
    );
    const first = bench.start();
    await bench.until("a", "in_progress");
    const second = bench.start();
    await bench.until("a", "pending");
    bench.cancel(second.id);
    await bench.idle();
    expect(conclusions(first.id, second.id)).toEqual(["success", "cancelled"]);
  });

  it("is a deadlock where the caller holds the same group", async () => {
    bench = createBench({
      ".github/workflows/in.yml":
        "on: workflow_call\nconcurrency: same\njobs:\n  a: { runs-on: x, steps: [{ run: echo }] }\n",
      ".github/workflows/ci.yml": "on: push\nconcurrency: same\njobs:\n  call: { uses: ./.github/workflows/in.yml }\n",
    });
    const { id } = bench.start();
    await bench.idle();
    expect(bench.run(id).conclusion).toBe("cancelled");
  });
});
