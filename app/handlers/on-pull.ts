import type { Probot } from "probot";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { isWriter } from "./app-ports.ts";
import type { Desk } from "./desk.ts";

/** A pull request was opened, moved or made ready: its own workflow run starts beside us. */
export function onPull(app: Probot, { queue, openPorts, unaffected }: Desk): void {
  app.on(
    [
      "pull_request.opened",
      "pull_request.synchronize",
      "pull_request.reopened",
      "pull_request.ready_for_review",
      "pull_request.edited",
    ],
    (context) => {
      const { repository, pull_request: pull, action } = context.payload;
      const ports = openPorts(context.octokit, repository);
      queue.add({
        repository: repository.full_name,
        key: `pull ${pull.number}`,
        work: async () => {
          if (!(await isWriter(ports))) return;
          const runStarts = action !== "edited";
          const since = new Date(pull.updated_at);
          const answer = await reconcilePull(ports, pull.number, {
            runStarts,
            since,
            finishedRun: undefined,
            dispatch: true,
          });
          unaffected.note(repository.full_name, answer);
        },
      });
    },
  );
}
