import type { Probot } from "probot";
import type { Desk } from "#handlers/desk.ts";
import { onChecks } from "#handlers/on-checks.ts";
import { onComment } from "#handlers/on-comment.ts";
import { onGroup } from "#handlers/on-group.ts";
import { onIssue } from "#handlers/on-issue.ts";
import { onPull } from "#handlers/on-pull.ts";
import { onPush } from "#handlers/on-push.ts";
import { onRun } from "#handlers/on-run.ts";
import { atOneMoment } from "#handlers/one-moment.ts";
import { createQueue } from "#handlers/work/queue.ts";
import { createUnaffected } from "#handlers/unaffected.ts";
import type { Happening, Service } from "./service.ts";

/** Whoever listens to a repository's webhooks; resolves when all that came of one is done. */
export type Shell = (happening: Happening) => Promise<void>;

/** Nobody listens: the jobs of each run do everything. */
export const actionsShell: Shell = async () => await Promise.resolve();

/** The app's own handlers and queue, on the ports of this service. */
export function appShell(service: Service): Shell {
  const queue = createQueue({
    onProblem: (key, error) =>
      void service.problems.push(`${key}: ${error instanceof Error ? error.message : String(error)}`),
  });
  const desk: Desk = {
    queue,
    unaffected: createUnaffected(),
    openPorts: () => atOneMoment(service.ports("app")),
  };
  const heard = new Map<string, ((context: unknown) => unknown)[]>();
  const on = (names: string | readonly string[], handle: (context: unknown) => unknown): void => {
    for (const name of [names].flat()) heard.set(name, [...(heard.get(name) ?? []), handle]);
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all of it that the handlers use
  const app = { on } as unknown as Probot;
  for (const listen of [onPull, onGroup, onPush, onRun, onComment, onIssue, onChecks]) listen(app, desk);
  return async ({ event, payload }) => {
    const named = [event, `${event}.${String(payload["action"])}`];
    for (const handle of named.flatMap((name) => heard.get(name) ?? [])) handle({ payload, octokit: undefined });
    await queue.idle();
  };
}
