import type { Probot } from "probot";
import { sweepPulls } from "#flow/pull/sweep-pulls.ts";
import { appPorts, isWriter } from "./app-ports.ts";
import type { Queue } from "./queue.ts";

/** The default branch moved: every open pull request is looked at again. Promotion is the workflow's. */
export function onPush(app: Probot, queue: Queue): void {
  app.on("push", (context) => {
    const { repository, ref } = context.payload;
    if (ref !== `refs/heads/${repository.default_branch}`) return;
    const owner = repository.owner?.login;
    if (owner === undefined) return;
    const ports = appPorts(context.octokit, { name: repository.name, owner: { login: owner } });
    queue.add({
      repository: repository.full_name,
      key: "sweep",
      work: async () => {
        if (await isWriter(ports)) await sweepPulls(ports);
      },
    });
  });
}
