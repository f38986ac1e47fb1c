import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createBench } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { said } from "./said.ts";

let bench: Bench;
afterEach(() => bench.stop());

function job(steps: string, more = ""): Record<string, string> {
  return { ".github/workflows/ci.yml": `on: push\njobs:\n  a:\n    runs-on: x\n${more}    steps:\n${steps}` };
}

/** Resolves when a file that a step writes is there. */
async function untilWritten(path: string): Promise<string> {
  for (let tries = 0; tries < 500; tries++) {
    if (existsSync(path) && readFileSync(path, "utf8") !== "") return readFileSync(path, "utf8").trim();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${path} was never written`);
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    // A zombie that nobody has waited for yet counts as dead.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${process_}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function untilDead(process_: number): Promise<void> {
  for (let tries = 0; isAlive(process_) && tries < 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(isAlive(process_)).toBe(false);
}

describe("cancelling", () => {
  it("interrupts what runs, skips the rest, lets always() and cancelled() clean up", async () => {
    bench = createBench(
      job(`
      - run: |
          trap 'echo got INT; exit 9' INT
          echo ready > "$HOME/../ready"
          while true; do sleep 0.05; done
      - run: echo not this
      - run: echo cleaning
        if: cancelled()
      - run: echo always
        if: always()
`),
    );
    const { id } = bench.start();
    await bench.until("a", "in_progress");
    await untilWritten(join(bench.folder, "runner", "machines", "1", "ready"));
    expect(bench.cancel(id)).toBe(true);
    await bench.idle();
    expect(bench.run(id).conclusion).toBe("cancelled");
    expect(bench.job("a").conclusion).toBe("cancelled");
    expect(said(bench, "a")).toEqual(["got INT", "##[error]The operation was canceled.", "cleaning", "always"]);
    expect(bench.cancel(id)).toBe(false);
  });

  it("goes on to SIGTERM and SIGKILL with the whole group", async () => {
    bench = createBench(
      job(`
      - run: |
          set +e
          trap 'echo int' INT
          trap 'echo term' TERM
          (trap '' INT TERM; echo $BASHPID > "$HOME/../child"; while true; do sleep 0.05; done) &
          while true; do sleep 0.05; done
`),
    );
    const { id } = bench.start();
    await bench.until("a", "in_progress");
    const child = Number(await untilWritten(join(bench.folder, "runner", "machines", "1", "child")));
    const before = performance.now();
    bench.cancel(id);
    await bench.idle();
    const waitedMs = performance.now() - before;
    expect(waitedMs).toBeGreaterThan(590);
    expect(said(bench, "a").filter((line) => /^(int|term)$/.test(line))).toEqual(["int", "term"]);
    await untilDead(child);
  });

  it("lets a job with always() go on, until it is forced", async () => {
    const slow = 'steps: [{ run: "echo on > $HOME/../on; sleep 30" }]';
    bench = createBench({
      ".github/workflows/ci.yml": `
on: push
jobs:
  plain: { runs-on: x, ${slow} }
  stays: { runs-on: x, if: always(), ${slow} }
  later: { needs: plain, runs-on: x, if: always(), steps: [{ run: echo later }] }
  not: { needs: plain, runs-on: x, steps: [{ run: echo not }] }
`,
    });
    const { id } = bench.start();
    for (const [name, runner] of [
      ["plain", "1"],
      ["stays", "2"],
    ] as const) {
      await bench.until(name, "in_progress");
      await untilWritten(join(bench.folder, "runner", "machines", runner, "on"));
    }
    bench.cancel(id);
    await bench.until("later", "completed");
    expect([bench.job("plain").conclusion, bench.job("later").conclusion, bench.job("not").conclusion]).toEqual([
      "cancelled",
      "success",
      "cancelled",
    ]);
    expect(bench.job("stays").status).toBe("in_progress");
    bench.cancel(id, "force");
    await bench.idle();
    expect(bench.job("stays").conclusion).toBe("cancelled");
    expect(bench.run(id).conclusion).toBe("cancelled");
  });

  it("stops at the hard stop whoever will not end", async () => {
    bench = createBench(
      job(`
      - run: sleep 30
      - run: sleep 30
        if: always()
`),
      { hardStopMs: 400 },
    );
    const { id } = bench.start();
    await bench.until("a", "in_progress");
    bench.cancel(id);
    await bench.idle();
    expect(bench.run(id).seconds).toBeLessThan(10);
  });
});

describe("nothing is left behind", () => {
  it("kills what a finished job left in the background, also outside of its group", async () => {
    bench = createBench(
      job(`
      - run: |
          sleep 61 & echo $! > "$RUNNER_TEMP/../../../one"
          setsid sleep 62 & echo $! > "$RUNNER_TEMP/../../../two"
`),
    );
    bench.start();
    await bench.idle();
    const machines = join(bench.folder, "runner", "machines");
    for (const name of ["one", "two"]) {
      await untilDead(Number(await untilWritten(join(machines, name))));
    }
    expect(existsSync(join(machines, "1"))).toBe(false);
  });

  it("removes what a job wrote-protected", async () => {
    bench = createBench(job("      - run: mkdir -p locked/in && touch locked/in/x && chmod -R a-w locked\n"));
    bench.start();
    await bench.idle();
    expect(existsSync(join(bench.folder, "runner", "machines", "1"))).toBe(false);
  });

  it("keeps the memory when a command prints without end", async () => {
    bench = createBench(
      job('      - run: yes | head -c 20000000; head -c 20000000 /dev/zero; echo; echo "::notice::still here"\n'),
      {
        logLimitBytes: 100_000,
      },
    );
    bench.start();
    await bench.idle();
    expect(bench.job("a").conclusion).toBe("success");
    expect(bench.job("a").annotations.map(({ message }) => message)).toEqual(["still here"]);
    expect(bench.log("a").length).toBeLessThan(200_000);
    expect(bench.log("a")).toMatch(/The log is cut here: it is longer than 100000 bytes\n$/);
  });

  it("ends every process when the executor itself is killed", async () => {
    bench = createBench(
      job(`
      - run: |
          setsid sleep 63 & echo $! > "$RUNNER_TEMP/../../../stray"
          echo $$ > "$RUNNER_TEMP/../../../shell"
          sleep 64
`),
    );
    const script = `
      const { createBench } = await import(${JSON.stringify(new URL("bench.ts", import.meta.url).href)});
      const { readFileSync } = await import("node:fs");
      const bench = createBench({ ".github/workflows/ci.yml": readFileSync(${JSON.stringify(join(bench.files, ".github/workflows/ci.yml"))}, "utf8") });
      console.log(bench.folder);
      bench.start();
    `;
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script],
      {
        cwd: join(import.meta.dirname, "../../.."),
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const folder = await new Promise<string>((resolve) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    const machines = join(folder, "runner", "machines");
    const shell = Number(await untilWritten(join(machines, "shell")));
    const stray = Number(await untilWritten(join(machines, "stray")));
    expect([isAlive(shell), isAlive(stray)]).toEqual([true, true]);
    child.kill("SIGKILL");
    await untilDead(shell);
    await untilDead(stray);
    rmSync(folder, { recursive: true, force: true });
  });
});
