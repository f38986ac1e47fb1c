import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digest } from "#core/canonical.ts";
import { type BlobSha, parseBlobSha } from "#core/names.ts";
import type { Task } from "#core/plan/plan-record.ts";
import { runTask, type TaskOutcome } from "#runner/run-task.ts";
import type { TaskRequest } from "#runner/task-request.ts";

const blobs = new Map<BlobSha, Uint8Array>();
/** A file of the plan whose blob can be read. */
export function file(path: string, text: string): Task["predict"]["inputs"][number] {
  const bytes = Buffer.from(text);
  const blob = parseBlobSha(createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex"));
  blobs.set(blob, bytes);
  return { path, mode: "100644", blob };
}
export async function* readBlobs(wanted: readonly BlobSha[]) {
  for (const blob of wanted) yield { blob, bytes: blobs.get(blob) ?? new Uint8Array() };
}

export const evaluation = digest("evaluation");
export const code = file("src/code.txt", "code");
export const params = file("params.json", '{"depth": 3, "tree": {"shape": "tall", "sizes": [1, 2]}}');
export const data = file("data/train.csv", "x\n1\n");
export const lookup = file("data/lookup.csv", "old");

export type Change = {
  train?: string;
  predict?: string;
  setup?: string;
  modelPath?: string;
  timeoutMs?: number;
  role?: Task["role"];
  inputs?: Task["predict"]["inputs"];
};
/** A training of milliseconds and one evaluation to sit. */
export function taskOf(change: Change = {}): Task {
  const inputs = change.inputs ?? [code, params, data];
  return {
    key: "churn-1",
    model: "churn",
    role: change.role ?? "candidate",
    recipe: digest("recipe"),
    train: {
      run: change.train ?? "cat data/train.csv > model.bin",
      timeoutMs: change.timeoutMs ?? 20_000,
      secrets: [],
      inputs,
    },
    modelPath: change.modelPath ?? "model.bin",
    bytes: null,
    artifact: null,
    subject: null,
    setup: change.setup ?? null,
    predict: {
      run: change.predict ?? 'cat "$ROWS" > "$PREDICTIONS"',
      timeoutMs: change.timeoutMs ?? 20_000,
      inputs: inputs.filter((input) => !input.path.startsWith("data/")),
    },
    sittings: [{ evaluation, lookup: [lookup] }],
    runsOn: "ubuntu-latest",
  };
}
/** A temporary place to run tasks in. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), "trainyard-task-"));

  start(task: Task, change: Partial<TaskRequest> = {}): Promise<TaskOutcome> {
    writeFileSync(join(this.folder, "rows.csv"), "id\n1\n");
    return runTask({
      task,
      readBlobs,
      rows: new Map([[evaluation, join(this.folder, "rows.csv")]]),
      folder: join(this.folder, "work"),
      out: join(this.folder, "out"),
      env: { PATH: process.env["PATH"] ?? "" },
      secrets: {},
      fetchBytes: () => Promise.resolve(undefined),
      ...change,
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
