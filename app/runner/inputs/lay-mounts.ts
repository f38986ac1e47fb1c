import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { Task } from "#core/plan/plan-record.ts";
import { readMountManifest } from "#core/pointer/mount-manifest.ts";
import { checkMount } from "./check-mount.ts";
import { findPathProblem } from "./safe-paths.ts";
import { StepFailure } from "#runner/workplace.ts";

/**
 * Holds each mounted folder to its manifest, and shows it to the training: a link beside the manifest under its name
 * without the ending (`data/images` for `data/images.jsonl`), and its path in a variable (`MOUNT_IMAGES`). Answers the
 * variables. Throws a `StepFailure`.
 */
export async function layMounts(
  { mounts = [], container }: Pick<Task, "mounts" | "container">,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const env: Record<string, string> = {};
  for (const { mount, manifest } of mounts) {
    const cannot = (because: string): StepFailure =>
      new StepFailure("materialise", `Cannot use the mount "${mount}" of the manifest "${manifest}": ${because}`);
    if (container !== undefined)
      throw cannot("the commands run in a container, which sees no folder of its machine; leave setup.container out");
    if (!mount.startsWith("/")) throw cannot("write the whole path of the folder, such as /mnt/images");
    if (findPathProblem(manifest) !== undefined || !existsSync(join(folder, manifest)))
      throw cannot("there is no such file among the inputs; commit it");
    const link = manifest.replace(/\.[^./]+$/, "");
    if (link === manifest || existsSync(join(folder, link)))
      throw cannot(`"${link}" is an input already; name the manifest otherwise`);
    try {
      const files = readMountManifest(readFileSync(join(folder, manifest), "utf8"), manifest);
      // oxlint-disable-next-line no-await-in-loop -- one mount after the other
      const { problem } = await checkMount(mount, files);
      if (problem !== undefined) throw cannot(problem);
    } catch (error) {
      if (error instanceof StepFailure || !(error instanceof Error)) throw error;
      throw new StepFailure("materialise", error.message);
    }
    symlinkSync(mount, join(folder, link));
    env[
      `MOUNT_${basename(link)
        .toUpperCase()
        .replaceAll(/[^A-Z0-9]/g, "_")}`
    ] = mount;
  }
  return env;
}
