import { expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import { openWorld, say } from "#test/flow/local/local-story.ts";

it("a config with a byte order mark keeps it when it is pinned", async () => {
  const world = await openWorld();
  const text = world.git.text(world.head, configPath) ?? "";
  world.commit("main", { [configPath]: `\ufeff${text}` }, "Save it with another editor");
  expect((await say(world, "/hold")).answer).toContain("📌");
  const { repository } = world.ports();
  const head = world.memory.pulls.at(-1)?.head.sha;
  const blob = head === undefined ? undefined : (await repository.tree(head)).get(configPath)?.blob;
  const bytes = blob === undefined ? [] : await repository.blob(blob);
  expect(Buffer.from(bytes).subarray(0, 3).toString("hex")).toBe("efbbbf");
});
