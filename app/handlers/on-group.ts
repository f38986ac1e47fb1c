import type { Probot } from "probot";
import { parseCommitSha } from "#core/names.ts";
import { reconcileGroup } from "#flow/group/reconcile-group.ts";
import { sayUnjudged } from "#flow/pull/say-unjudged.ts";
import { isWriter } from "./app-ports.ts";
import type { Desk } from "./desk.ts";

/** A merge queue made a group: its own workflow run starts beside us, and the check is there at once. */
export function onGroup(app: Probot, { queue, openPorts }: Desk): void {
  app.on("merge_group.checks_requested", (context) => {
    const { repository, merge_group: group } = context.payload;
    if (repository === undefined) return;
    const at = { head: parseCommitSha(group.head_sha), ref: group.head_ref };
    queue.add({
      repository: repository.full_name,
      key: `group ${group.head_sha}`,
      work: async () => {
        const ports = openPorts(context.octokit, repository);
        if (await isWriter(ports)) await reconcileGroup(ports, at, { runStarts: true, finishedRun: undefined });
      },
      giveUp: async (error) => {
        const ports = openPorts(context.octokit, repository);
        const because = error instanceof Error ? error.message : String(error);
        if (await isWriter(ports)) await sayUnjudged(ports, at.head, because);
      },
    });
  });
}
