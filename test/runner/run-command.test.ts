import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CommandRequest, runCommand } from "#runner/run-command.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trainyard-command-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = process.env["PATH"] ?? "";
const run = (command: string, options: Partial<CommandRequest> = {}) =>
  runCommand({ command, cwd: folder, env: { PATH: path }, timeoutMs: 20_000, ...options });

async function waitFor(check: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (check()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/** Alive and no zombie: where nothing collects orphans, an ended one still has a number. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
const pidIn = (name: string): number => Number(readFileSync(join(folder, name), "utf8"));

describe("runCommand()", () => {
  it.for([
    { command: "true", end: { kind: "ok" } },
    { command: "exit 3", end: { kind: "failed", exitCode: 3 } },
    { command: "false | cat; echo not reached", end: { kind: "failed", exitCode: 1 } },
    { command: "no-such-program", end: { kind: "failed", exitCode: 127 } },
    { command: "kill -SEGV $$", end: { kind: "killed", by: "SIGSEGV" } },
  ] as const)("answers $end.kind for $command", async ({ command, end }) => {
    const result = await run(command);
    expect(result).toMatchObject(end);
    expect(result.log).not.toContain("not reached");
  });

  it("keeps both streams in their order and hands on each line", async () => {
    const lines: string[] = [];
    const { log } = await run("echo one; echo two >&2; echo three; printf 'fo\\xc3\\xbcr'", {
      onLine: (line) => lines.push(line),
    });
    expect(log).toBe("one\ntwo\nthree\nfoür");
    expect(lines).toEqual(["one", "two", "three", "foür"]);
  });

  it("gives the command the environment it was given, and nothing of the host's", async () => {
    process.env["HOST_SECRET"] = "leaked";
    const { log } = await run("env", { env: { PATH: path, GIVEN: "yes" } });
    delete process.env["HOST_SECRET"];
    const names = log.split("\n").map((line) => line.split("=")[0] ?? "");
    expect(names.filter((name) => name !== "").toSorted()).toEqual([
      "GIVEN",
      "PATH",
      "PWD",
      "SHLVL",
      "TRAINYARD_COMMAND",
      "_",
    ]);
  });

  it("closes standard input", async () => {
    expect(await run("cat; echo done")).toMatchObject({ kind: "ok", log: "done\n" });
  });

  it("ends a command that hangs and ignores SIGTERM, with what it started", async () => {
    const result = await run("trap '' TERM; sleep 60 & echo $! > child; wait; sleep 60", {
      timeoutMs: 200,
      graceMs: 100,
    });
    expect(result).toMatchObject({ kind: "timeout" });
    expect(result.durationMs).toBeLessThan(5_000);
    expect(await waitFor(() => !lives(pidIn("child")))).toBe(true);
  });

  it("lets a command tidy up after its time is over", async () => {
    const tidy = `node -e 'process.on("SIGTERM", () => setTimeout(() => { require("fs").writeFileSync("tidy", "") ; process.exit() }, 100)); setInterval(() => {}, 1000); console.log("up")'; true`;
    const cancelling = new AbortController();
    const result = await run(tidy, { signal: cancelling.signal, onLine: () => cancelling.abort() });
    expect(result).toMatchObject({ kind: "killed", by: "cancelled" });
    expect(existsSync(join(folder, "tidy"))).toBe(true);
  });

  it.for([
    { how: "stays in its group", command: "sleep 60 & echo $! > daemon" },
    { how: "leaves its group, with the pipes in its hands", command: "setsid sleep 60 & echo $! > daemon; sleep 0.05" },
  ])("ends a daemon that $how", async ({ command }) => {
    const result = await run(command);
    expect(result).toMatchObject({ kind: "ok" });
    expect(result.durationMs).toBeLessThan(3_000);
    expect(await waitFor(() => !lives(pidIn("daemon")))).toBe(true);
  });

  it("keeps head and tail of 100 MB, in little memory", async () => {
    const before = process.memoryUsage().rss;
    const logFile = join(folder, "log");
    const command = "echo first; head -c 100000000 /dev/zero | tr '\\0' x | fold -w 1000; echo; echo last";
    let lines = 0;
    const result = await run(command, { logFile, onLine: () => (lines += 1) });
    expect(result.kind).toBe("ok");
    expect(result.log).toHaveLength(20_000);
    expect(result.log.endsWith("\nlast\n")).toBe(true);
    expect(readFileSync(logFile, "utf8")).toMatch(/^first\n[\s\S]*\n… \d+ bytes left out …\n/);
    expect(statSync(logFile).size).toBeLessThan(1_100_000);
    expect(lines).toBeLessThan(50_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  it("blots out secrets, line by line, in log, file and lines", async () => {
    const lines: string[] = [];
    const logFile = join(folder, "log");
    const secrets = ["hunter-two", "-----BEGIN\nc2VjcmV0\n-----END"];
    const { log } = await run('echo "a hunter-two b"; echo c2VjcmV0', {
      secrets,
      logFile,
      onLine: (line) => lines.push(line),
    });
    expect([log, readFileSync(logFile, "utf8"), `${lines.join("\n")}\n`]).toEqual(Array(3).fill("a *** b\n***\n"));
  });

  it("ends a command that runs when its own process exits", async () => {
    const script = `
      import { runCommand } from "${join(import.meta.dirname, "../../app/runner/run-command.ts")}";
      void runCommand({ command: "echo $$ > inner; sleep 60", cwd: process.cwd(), env: process.env, timeoutMs: 60_000 });
      setInterval(() => existsSync("inner") && readFileSync("inner", "utf8").endsWith("\\n") && process.exit(0), 20);
      import { existsSync, readFileSync } from "node:fs";
    `;
    writeFileSync(join(folder, "outer.ts"), script);
    await run(`"${process.execPath}" outer.ts`);
    expect(await waitFor(() => !lives(pidIn("inner")))).toBe(true);
  });

  it("ends what a command inside a command started, however the outer one ends", async () => {
    const script = `
      import { runCommand } from "${join(import.meta.dirname, "../../app/runner/run-command.ts")}";
      await runCommand({ command: "echo $$ > inner; echo up; sleep 60", cwd: process.cwd(), env: process.env, timeoutMs: 60_000, onLine: console.log });
    `;
    writeFileSync(join(folder, "outer.mts"), script);
    const cancelling = new AbortController();
    const command = `"${process.execPath}" outer.mts`;
    const result = await run(command, {
      signal: cancelling.signal,
      onLine: (line) => line === "up" && cancelling.abort(),
    });
    expect(result).toMatchObject({ kind: "killed", by: "cancelled" });
    expect(await waitFor(() => !lives(pidIn("inner")))).toBe(true);
  });

  it("says so where there is no bash", async () => {
    const result = await run("true", { env: { PATH: folder } });
    expect(result).toMatchObject({ kind: "failed", exitCode: 127 });
    expect(result.log).toContain(`Cannot start "bash" in "${folder}"`);
  });

  it("starts nothing once it was cancelled", async () => {
    expect(await run("touch started", { signal: AbortSignal.abort() })).toMatchObject({
      kind: "killed",
      by: "cancelled",
    });
    expect(existsSync(join(folder, "started"))).toBe(false);
  });
});
