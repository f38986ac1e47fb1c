import { createHash } from "node:crypto";
import { cp, rename } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { params } from "./repository-files.ts";
import type { Story, StoryOptions } from "./open-story.ts";

/**
 * What the default branch holds when a story begins, each built on the one before: only a README; the models' files,
 * pushed (they wait for /promote); every model in production as v1.0.0; churn as v1.1.0 with skill 0.7, by a pull request.
 */
export const starts = ["empty", "pushed", "production", "improved"] as const;
export type Start = (typeof starts)[number];

/** Copies the beginning that this story wants to a folder; plays it first where nobody has yet. */
export async function copyStart(
  options: StoryOptions,
  to: string,
  open: (options: StoryOptions) => Promise<Story>,
): Promise<void> {
  const key = createHash("sha256").update(JSON.stringify(options)).digest("hex").slice(0, 16);
  const kept = join(inject("starts"), key);
  if (!existsSync(kept)) await keep(options, kept, open);
  await cp(kept, to, { recursive: true });
}

async function keep(
  options: StoryOptions,
  kept: string,
  open: (options: StoryOptions) => Promise<Story>,
): Promise<void> {
  const start = options.start ?? "empty";
  const before = starts[starts.indexOf(start) - 1] ?? "empty";
  const story = await open({ ...options, start: before });
  await play(story, start);
  await story.sandbox.stop();
  try {
    await rename(story.sandbox.forge.folder, kept);
  } catch (error) {
    // Another worker was faster.
    if (!existsSync(kept)) throw error;
  }
  await story[Symbol.asyncDispose]();
}

async function play(story: Story, start: Start): Promise<void> {
  switch (start) {
    case "empty":
      return;
    case "pushed":
      await story.push(story.files, "Start");
      return;
    case "production":
      for (const { number, title } of await story.waiting()) {
        // oxlint-disable-next-line no-await-in-loop -- one word after the other
        await story.comment(number, `/promote ${title.split(" ")[0] ?? ""} -- a start`);
      }
      return;
    case "improved":
      await story.merge(await story.propose({ "churn/params.txt": params(0.7) }, "improve"));
  }
}
