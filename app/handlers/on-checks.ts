import type { Probot } from "probot";
import type { Desk } from "./desk.ts";
import { pullJob } from "./work/pull-job.ts";

/** "Re-run" was pressed on our check: look again, train nothing. */
export function onChecks(app: Probot, { queue, openPorts }: Desk): void {
  app.on("check_run.rerequested", (context) => {
    const { repository, check_run: check } = context.payload;
    const open = () => openPorts(context.octokit, repository);
    for (const { number } of check.pull_requests)
      queue.add(pullJob({ repository: repository.full_name, pull: number, open }, { again: true }));
  });
}
