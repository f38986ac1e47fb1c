import { withoutCommands } from "#actions/say.ts";

/** Removes a checkpoint that this attempt left. */
export async function removeCheckpoint(name: string): Promise<void> {
  const { DefaultArtifactClient } = await import("@actions/artifact");
  await withoutCommands(async () => void (await new DefaultArtifactClient().deleteArtifact(name)));
}
