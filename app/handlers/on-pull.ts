import type { Probot } from "probot";
import type { Desk } from "./desk.ts";
import { pullJob } from "./work/pull-job.ts";

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
      const place = {
        repository: repository.full_name,
        pull: pull.number,
        open: () => openPorts(context.octokit, repository),
      };
      const options = { runStarts: action !== "edited", since: new Date(pull.updated_at) };
      queue.add(pullJob(place, options, (answer) => unaffected.note(repository.full_name, answer)));
    },
  );
}
