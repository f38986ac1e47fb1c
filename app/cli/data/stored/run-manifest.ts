import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ExitError } from "#cli/exit-error.ts";
import { readMountManifest, writeMountedFile } from "#core/pointer/mount-manifest.ts";
import { checkMount } from "#runner/inputs/check-mount.ts";
import { digestPath } from "#store/workspace/read-workspace.ts";
import { writeOutput } from "#cli/data/write-output.ts";
import { print } from "./print.ts";
import { TransferProgress } from "./transfer-progress.ts";

export type ManifestOptions = { output?: string; check?: string; full?: boolean; json?: boolean };

/** Writes the manifest of a mounted folder, or holds the folder to one. */
export async function runManifest(folder: string, options: ManifestOptions): Promise<void> {
  if (!existsSync(folder)) throw new ExitError(2, `Cannot read "${folder}": there is no such folder; mount it first`);
  const progress = new TransferProgress("reading");
  try {
    await (options.check === undefined
      ? write(folder, options, progress)
      : check(folder, options.check, options, progress));
  } finally {
    progress.clear();
  }
}

async function write(folder: string, { output, json }: ManifestOptions, progress: TransferProgress): Promise<void> {
  if (json === true && output === undefined)
    throw new ExitError(2, "Cannot print both the manifest and --json: say with --output where the manifest goes");
  if (output !== undefined) refuseInside(folder, output);
  // a mount is often reached through a link
  const found = await digestPath(realpathSync(folder), folder.replace(/\/$/, ""), progress.onBytes);
  if (!found.folder)
    throw new ExitError(2, `Cannot write a manifest of "${folder}": it is a file; trainyard data add keeps it`);
  if (found.files.length === 0)
    throw new ExitError(2, `Cannot write a manifest of "${folder}": it holds no file; mount it first`);
  const text = found.files
    .map(({ relpath, size, sha256 }) => writeMountedFile({ path: relpath, size, sha256 }))
    .join("");
  progress.clear();
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeOutput("--output", output, text);
  print(json, { schema: "trainyard/data-manifest/1", manifest: output, files: found.files.length, size: found.size }, [
    `Wrote ${output}: ${found.files.length} files. Commit it, and name it in the config: { mount: ${resolve(folder)}, manifest: ${output} }`,
  ]);
}

/** It would list itself the next time, and never hold. */
function refuseInside(folder: string, output: string): void {
  const parent = dirname(resolve(output));
  if (!existsSync(parent)) return;
  const below = relative(realpathSync(folder), realpathSync(parent));
  if (below === ".." || below.startsWith(`..${sep}`) || resolve(below) === below) return;
  throw new ExitError(
    2,
    `Cannot write the manifest to "${output}": it lies in the folder that it lists; name a file of the repository, such as "${join("data", "mount.jsonl")}"`,
  );
}

async function check(
  folder: string,
  manifest: string,
  options: ManifestOptions,
  progress: TransferProgress,
): Promise<void> {
  if (statSync(manifest, { throwIfNoEntry: false })?.isFile() !== true)
    throw new ExitError(2, `Cannot read the manifest "${manifest}": there is no such file`);
  const files = readMountManifest(readFileSync(manifest, "utf8"), manifest);
  const { problem, looked, hashed } = await checkMount(folder, files, {
    full: options.full === true,
    onFile: (path) => progress.onBytes(path, 0, undefined),
  });
  progress.clear();
  const answer = {
    schema: "trainyard/data-manifest-check/1",
    holds: problem === undefined,
    files: files.length,
    looked,
    hashed,
  };
  print(options.json, { ...answer, problem: problem ?? null }, [
    problem ??
      `"${folder}" is as "${manifest}" says: ${looked} of ${files.length} files looked at, ${hashed} of them hashed`,
  ]);
  if (problem !== undefined) process.exitCode = 1;
}
