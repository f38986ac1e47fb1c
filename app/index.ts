import type { Probot } from "probot";
import { onChecks } from "#handlers/on-checks.ts";
import { onComment } from "#handlers/on-comment.ts";
import { onPull } from "#handlers/on-pull.ts";
import { onPush } from "#handlers/on-push.ts";
import { onRun } from "#handlers/on-run.ts";
import { createQueue, type Queue } from "#handlers/queue.ts";

/** The Probot app: registers handlers, nothing else. Work happens after the answer, one at a time a repository. */
export function trainyard(queue: Queue = createQueue()): (app: Probot) => void {
  return (app) => {
    onPull(app, queue);
    onPush(app, queue);
    onRun(app, queue);
    onComment(app, queue);
    onChecks(app, queue);
  };
}

// oxlint-disable-next-line import/no-default-export -- what Probot's own command line expects
export default (app: Probot): void => {
  trainyard()(app);
};
