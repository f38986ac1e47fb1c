import type { Probot } from "probot";
import { obeyTick } from "#flow/watch/obey-tick.ts";
import { readTick } from "#core/watch/snooze.ts";
import { isWriter } from "./app-ports.ts";
import type { Desk } from "./desk.ts";

/** Somebody edited an issue: perhaps they ticked one of our boxes. What we edit ourselves ticks none. */
export function onIssue(app: Probot, { queue, openPorts }: Desk): void {
  app.on("issues.edited", (context) => {
    const { repository, issue, sender, changes } = context.payload;
    if (changes.body === undefined || sender.type === "Bot" || readTick(issue.body ?? "") === undefined) return;
    queue.add({
      repository: repository.full_name,
      key: `tick ${issue.number}`,
      work: async () => {
        const ports = openPorts(context.octokit, repository);
        if (await isWriter(ports)) await obeyTick(ports, issue.number, sender.login);
      },
    });
  });
}
