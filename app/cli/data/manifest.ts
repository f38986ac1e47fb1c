import type { Command } from "commander";
import type { ManifestOptions } from "./stored/run-manifest.ts";

const examples = `
For data too large to copy, mounted where the model is trained. The manifest is committed and named in the config beside
the mount: inputs: { data: [{ mount: /mnt/images, manifest: data/images.jsonl }] }.

Exit code with --check: 0 it is as the manifest says, 1 it is not, 2 it could not be told.

Examples:
  trainyard data manifest /mnt/images --output data/images.jsonl
  trainyard data manifest /mnt/images --check data/images.jsonl --full`;

/** `trainyard data manifest`: the list of a mounted folder's files, written or checked. */
export function addManifest(data: Command): void {
  data
    .command("manifest")
    .description("list the files of a mounted folder, or hold it to such a list")
    .argument("<folder>", "where it is mounted")
    .option("-o, --output <file>", "where the manifest is written (default: standard output)")
    .option("--check <manifest>", "compare the folder with this manifest: a sample of 200 files, the same every time")
    .option("--full", "compare every file, byte for byte")
    .option("--json", "print what was done as JSON")
    .addHelpText("after", examples)
    .action(async (folder: string, options: ManifestOptions) => {
      const { runManifest } = await import("./stored/run-manifest.ts");
      await runManifest(folder, options);
    });
}
