import type { Actor, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { presentPull } from "#sandbox/forge/present/pull.ts";
import { mustFindPull } from "./pull.ts";
import { testMerge } from "./test-merge.ts";

const needsTestMerge: ReadonlySet<string> = new Set([
  "opened",
  "reopened",
  "synchronize",
  "ready_for_review",
  "labeled",
]);

/** Sends the webhook "pull_request". Listeners hear of it once the test merge stands, as GitHub's runner does. */
export async function emitPull(
  forge: ForgeInside,
  repo: Repo,
  number: number,
  action: string,
  actor: Actor,
  more: JsonObject = {},
): Promise<void> {
  const pull_request = await presentPull(forge, repo, mustFindPull(repo, number));
  const ready = needsTestMerge.has(action) ? testMerge(forge, repo, number) : undefined;
  if (ready !== undefined) forge.office.track(ready.then(() => {}));
  forge.emit(
    repo,
    "pull_request",
    action,
    { number, pull_request, ...more },
    actor,
    ready === undefined ? {} : { ready },
  );
}
