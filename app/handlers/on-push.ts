import type { Probot } from "probot";
import { sweepPulls } from "#flow/pull/sweep-pulls.ts";
import { isWriter } from "./app-ports.ts";
import type { Desk } from "./desk.ts";

/** The default branch moved: every open pull request is looked at again. Promotion is the workflow's. */
export function onPush(app: Probot, { queue, openPorts, unaffected }: Desk): void {
  app.on("push", (context) => {
    const { repository, ref } = context.payload;
    if (ref !== `refs/heads/${repository.default_branch}`) return;
    const owner = repository.owner?.login;
    if (owner === undefined) return;
    unaffected.forget(repository.full_name);
    const ports = openPorts(context.octokit, {
      name: repository.name,
      owner: { login: owner },
      default_branch: repository.default_branch,
    });
    queue.add({
      repository: repository.full_name,
      key: "sweep",
      work: async () => {
        if (await isWriter(ports)) await sweepPulls(ports);
      },
    });
  });
}
