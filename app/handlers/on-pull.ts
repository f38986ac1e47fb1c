import type { Probot } from "probot";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { appPorts, isWriter } from "./app-ports.ts";
import type { Queue } from "./queue.ts";

/** A pull request was opened, moved or made ready: its own workflow run starts beside us. */
export function onPull(app: Probot, queue: Queue): void {
  app.on(
    ["pull_request.opened", "pull_request.synchronize", "pull_request.reopened", "pull_request.ready_for_review", "pull_request.edited"],
    (context) => {
      const { repository, pull_request: pull, action } = context.payload;
      const ports = appPorts(context.octokit, repository);
      queue.add({
        repository: repository.full_name,
        key: `pull ${pull.number}`,
        work: async () => {
          if (!(await isWriter(ports))) return;
          await reconcilePull(ports, pull.number, { runStarts: action !== "edited", finishedRun: undefined, dispatch: true });
        },
      });
    },
  );
}
