import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectFolder } from "#cli/sandbox/start-sandbox.ts";

type Split = { splitWeeks(request: { folder: string; from: number; to: number }): Promise<readonly string[]> };

/** Writes weekly files with the example's own script. */
export async function splitWeeks(folder: string, from: number, to: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The example is a repository of its own, outside of this package's rooms: its script is loaded by path.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file beside this one
  const script = (await import(pathToFileURL(join(projectFolder, "examples/groceries/source/split.ts")).href)) as Split;
  await script.splitWeeks({ folder, from, to });
}
