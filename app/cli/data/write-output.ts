import { resolve } from "node:path";
import { writeWhole } from "#disk/write-whole.ts";
import { ExitError } from "#cli/exit-error.ts";
import { saySystemReason } from "#cli/say-system-error.ts";

/** Writes what a command was asked to write, wholly or not at all. Throws an ExitError (2) that names the option and why. */
export async function writeOutput(option: string, path: string, text: string): Promise<void> {
  try {
    await writeWhole(resolve(path), text);
  } catch (error) {
    const reason = saySystemReason(error) ?? String(error);
    throw new ExitError(2, `Cannot write "${path}" of ${option}: ${reason}`);
  }
}
