import { arch, platform } from "node:os";

/** What the machine is called in records. */
export function runnerName(): string {
  return process.env["RUNNER_NAME"] ?? `${platform()}-${arch()}`;
}
