import { arch, platform } from "node:os";
import { join } from "node:path";
import * as core from "@actions/core";
import type { Machine } from "#core/machine.ts";
import type { BlobSha } from "#core/names.ts";
import { commandEnvironment } from "#runner/command-environment.ts";
import type { Job } from "./job.ts";
import { createMachine, type MachineOptions } from "./machine.ts";

/** The machine that this job runs on. The team's commands get an allow-list of its environment: no token is in it. */
export function jobMachine(
  job: Job,
  readBlob: (blob: BlobSha) => Promise<Uint8Array>,
  more: Pick<MachineOptions, "onModel" | "secrets"> = {},
): Machine {
  return createMachine({
    ...more,
    folder: join(job.folder, "machine"),
    readBlob,
    fetchBytes: job.ports.bytes.fetch,
    env: commandEnvironment(process.env),
    onLine: (line) => core.info(line),
    runsOn: process.env["RUNNER_NAME"] ?? `${platform()}-${arch()}`,
  });
}
