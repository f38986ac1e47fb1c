import type { Probot } from "probot";
import { onChecks } from "#handlers/on-checks.ts";
import { onComment } from "#handlers/on-comment.ts";
import { onPull } from "#handlers/on-pull.ts";
import { onGroup } from "#handlers/on-group.ts";
import { onPush } from "#handlers/on-push.ts";
import { onRun } from "#handlers/on-run.ts";
import { createDesk } from "#handlers/desk.ts";
import type { Queue } from "#handlers/queue.ts";

/** The Probot app: registers handlers, nothing else. Work happens after the answer, one at a time a repository. */
export function trainyard(queue?: Queue): (app: Probot) => void {
  return (app) => {
    const desk = createDesk(queue);
    onPull(app, desk);
    onGroup(app, desk);
    onPush(app, desk);
    onRun(app, desk);
    onComment(app, desk);
    onChecks(app, desk);
  };
}

// oxlint-disable-next-line import/no-default-export -- what Probot's own command line expects
export default (app: Probot): void => {
  trainyard()(app);
};
