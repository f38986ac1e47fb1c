import type { Probot } from "probot";
import { createDesk, type Desk } from "#handlers/desk.ts";
import { onChecks } from "#handlers/on-checks.ts";
import { onComment } from "#handlers/on-comment.ts";
import { onGroup } from "#handlers/on-group.ts";
import { onInstallation } from "#handlers/on-installation.ts";
import { onIssue } from "#handlers/on-issue.ts";
import { onPull } from "#handlers/on-pull.ts";
import { onPush } from "#handlers/on-push.ts";
import { onRun } from "#handlers/on-run.ts";
import { createSweeper, type Sweeper } from "#handlers/work/sweeper.ts";

/** The Probot app: registers handlers, nothing else. Work happens after the answer, one at a time a repository. */
export function trainyard(desk: Desk, sweeper: Sweeper): (app: Probot) => void {
  return (app) => {
    onPull(app, desk);
    onGroup(app, desk);
    onPush(app, desk);
    onRun(app, desk);
    onComment(app, desk);
    onIssue(app, desk);
    onChecks(app, desk);
    onInstallation(app, sweeper);
  };
}

// oxlint-disable-next-line import/no-default-export -- what Probot's own command line expects
export default (app: Probot): void => {
  const desk = createDesk();
  const sweeper = createSweeper(app, desk);
  trainyard(desk, sweeper)(app);
  sweeper.start();
};
