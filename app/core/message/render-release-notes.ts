import type { RunRecord } from "#core/evidence.ts";

/** The text of a version's release: what it is and how to check it. */
export function renderReleaseNotes(model: string, version: string, run: RunRecord, pull: number | undefined): string {
  const lines = [
    `Version \`${version}\` of \`${model}\`${pull === undefined ? "" : `, reviewed in #${pull}`}.`,
    "",
    `- artifact: \`sha256:${run.artifact.sha256}\` (${run.artifact.size} bytes)`,
    `- recipe: \`${run.recipe}\``,
    `- trained in ${(run.durationMs / 1_000).toFixed(1)} s on \`${run.runsOn.replaceAll("`", "")}\``,
    "",
    "These are the bytes that were reviewed: `trainyard.json` has the digest of every file.",
  ];
  return lines.join("\n");
}
