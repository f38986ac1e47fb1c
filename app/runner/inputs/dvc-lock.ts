import { readFileSync } from "node:fs";
import { join } from "node:path";

const mostCharacters = 3_000;

/** The lock file of DVC's pipeline as it lies in a folder; undefined where there is none. */
export function readLock(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, "dvc.lock"), "utf8");
  } catch {
    return undefined;
  }
}

/** What the training made of `dvc.lock`, as a note: nobody commits it behind the team's back. */
export function sayLock(before: string | undefined, folder: string): readonly string[] {
  const now = readLock(folder);
  if (now === undefined || now === before) return [];
  const shown = now.length > mostCharacters ? `${now.slice(0, mostCharacters)}\n… (${now.length} characters)` : now;
  return [
    `The training would have "dvc.lock" be as follows. It is not committed: run "dvc repro" and commit it yourself where you keep it in git.\n${shown}`,
  ];
}
