import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const name = "TRAINYARD_SEALED";
/** what Node itself reads when it starts, and the marks by which processes are found again */
const open =
  /^(?:PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|NODE_(?:EXTRA_CA_CERTS|OPTIONS|USE_ENV_PROXY|V8_COVERAGE)|SSL_CERT_\w+|OPENSSL_CONF|RUNNER_TRACKING_ID|TRAINYARD_COMMAND)$/;

/**
 * Starts this process again with an environment that holds no token, and hands it the rest: the system shows what a
 * process was started with to every other one of the same user, the team's commands among them. Returns in the process
 * whose `process.env` is whole and whose start shows nothing. Where a process cannot be replaced it stays as it is.
 */
export function seal() {
  const sealed = process.env[name];
  if (sealed !== undefined) {
    const rest = JSON.parse(readFileSync(sealed, "utf8"));
    rmSync(dirname(sealed), { recursive: true, force: true });
    delete process.env[name];
    Object.assign(process.env, rest);
    return;
  }
  if (process.platform !== "linux" || typeof process.execve !== "function") return;
  const entries = Object.entries(process.env);
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), "trainyard-start-"));
  const file = join(folder, "environment.json");
  try {
    writeFileSync(file, JSON.stringify(Object.fromEntries(entries.filter(([key]) => !open.test(key)))), {
      mode: 0o600,
    });
    const shown = Object.fromEntries(entries.filter(([key]) => open.test(key)));
    process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
      ...shown,
      [name]: file,
    });
  } catch {
    rmSync(folder, { recursive: true, force: true });
  }
}
