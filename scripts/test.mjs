// Runs the whole suite (or what the arguments name) and closes with one plain line that a program can read.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { constants, freemem, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = makeFolder();
const report = join(folder, "report.json");

try {
  // jobs of the scenarios start from bundles where these fit the sources, as people's do: in half the time
  if (process.argv.length === 2) buildBundles();
  const ended = await runVitest(process.argv.slice(2));
  const counts = countTests(report);
  const failed = counts.failed + (counts.failed === 0 && ended !== 0 ? 1 : 0);
  process.stdout.write(
    `\n${counts.passed} passed, ${failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ""}\n`,
  );
  process.exitCode = ended === 0 && (failed > 0 || counts.passed === 0) ? 1 : ended;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The tests make and remove many small files: in memory where there is plenty and programs may run from it. */
function makeFolder() {
  const [memory, tmpfs, plenty] = ["/dev/shm", 0x01_02_19_94, 4 * 1024 ** 3];
  if (!process.env.TMPDIR) {
    try {
      const { type, bavail, bsize } = statfsSync(memory);
      if (type === tmpfs && bavail * bsize > plenty && freemem() > plenty) {
        const made = mkdtempSync(join(memory, "trainyard-test-"));
        const program = join(made, "program");
        writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
        if (spawnSync(program).status === 0) return made;
        rmSync(made, { recursive: true });
      }
    } catch {
      // then on the disk, like everybody else
    }
  }
  return mkdtempSync(join(tmpdir(), "trainyard-test-"));
}

function buildBundles() {
  const built = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], { cwd: root, encoding: "utf8" });
  if (built.status === 0) return;
  process.stderr.write(built.stderr);
  throw new Error("The bundles cannot be built: see above");
}

function runVitest(args) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const env = { ...process.env, TMPDIR: folder };
  const child = spawn(process.execPath, [vitest, "run", ...reporters, ...args], { cwd: root, stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal));
  }
  return new Promise((resolve) => {
    child.once("error", () => resolve(2));
    child.once("close", (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code));
  });
}

/** A file that does not even load has no tests to count: it counts as one that failed. */
function countTests(path) {
  let found;
  try {
    found = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
  const unloaded = found.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return {
    passed: found.numPassedTests,
    failed: found.numFailedTests + unloaded.length,
    skipped: found.numPendingTests + found.numTodoTests,
  };
}
