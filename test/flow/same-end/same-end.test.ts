import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { look } from "./look.ts";
import { readEnds } from "./read-ends.ts";
import type { Writer } from "./service.ts";
import { beginStory, type Story } from "./story.ts";
import { laws } from "./stories/laws.ts";
import { stories } from "./stories.ts";
import type { Town } from "./town.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trainyard-same-end-"));
  // what the actions say in their logs
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function tell(story: Story, teller: { writer: Writer; late?: boolean }): Promise<Town> {
  const town = await beginStory(story, folder, teller);
  await story.play(town);
  return town;
}

async function compare(story: Story): Promise<void> {
  const [app, actions] = [await tell(story, { writer: "app" }), await tell(story, { writer: "actions" })];
  const { ends, says = {} } = story;
  for (const town of [app, actions]) {
    expect(await readEnds(town, { problems: [], ...ends }), town.writer).toEqual({ problems: [], ...ends });
    for (const [issue, part] of Object.entries(says))
      expect(town.told(Number(issue)).replaceAll("\\", ""), `${town.writer} on #${issue}`).toContain(part);
  }
  expect(look(actions)).toEqual(look(app));
  for (const town of [app, actions]) {
    const before = look(town);
    await town.wake();
    expect(look(town), `${town.writer}, after a sweep`).toEqual(before);
  }
}

it.for(laws)("an app that hears of everything late: $name", async (story) => {
  const [app, late] = [await tell(story, { writer: "app" }), await tell(story, { writer: "app", late: true })];
  expect(look(late)).toEqual(look(app));
});

describe.for([...Map.groupBy(stories, ({ ruling }) => ruling)])("%s", ([, told]) => {
  it.for(told.filter(({ broken }) => broken === undefined))("$name", compare);
  it.fails.for(told.filter(({ broken }) => broken !== undefined))("$name (broken: $broken)", compare);
});
