import type { Probot } from "probot";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { isWriter } from "./app-ports.ts";
import type { Desk } from "./desk.ts";

/** "Re-run" was pressed on our check: look again, train nothing. */
export function onChecks(app: Probot, { queue, openPorts }: Desk): void {
  app.on("check_run.rerequested", (context) => {
    const { repository, check_run: check } = context.payload;
    const ports = openPorts(context.octokit, repository);
    for (const pull of check.pull_requests) {
      queue.add({
        repository: repository.full_name,
        key: `pull ${pull.number}`,
        work: async () => {
          if (!(await isWriter(ports))) return;
          await reconcilePull(ports, pull.number, {
            runStarts: false,
            finishedRun: undefined,
            dispatch: true,
            again: true,
          });
        },
      });
    }
  });
}
