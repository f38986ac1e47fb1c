import type { Probot } from "probot";
import { sweepPulls } from "#flow/pull/sweep-pulls.ts";
import { isWriter } from "./app-ports.ts";
import type { Desk } from "./desk.ts";
import { tryAgain } from "./work/pull-job.ts";

/** The default branch moved: every open pull request is looked at again. Promotion is the workflow's. */
export function onPush(app: Probot, { queue, openPorts, unaffected }: Desk): void {
  app.on("push", (context) => {
    const { repository, ref } = context.payload;
    if (ref !== `refs/heads/${repository.default_branch}`) return;
    const owner = repository.owner?.login;
    if (owner === undefined) return;
    unaffected.forget(repository.full_name);
    const { name, full_name: place, default_branch: branch } = repository;
    const open = () => openPorts(context.octokit, { name, owner: { login: owner }, default_branch: branch });
    queue.add({
      repository: place,
      key: "sweep",
      work: async () => {
        const ports = open();
        if (await isWriter(ports)) tryAgain(queue, { repository: place, open }, await sweepPulls(ports));
      },
    });
  });
}
