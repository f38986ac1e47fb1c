import type { Probot } from "probot";
import { answerComment } from "#flow/comment/answer-comment.ts";
import { startEffect } from "#flow/comment/start-effect.ts";
import { isWriter } from "./app-ports.ts";
import type { Desk } from "./desk.ts";

/** Somebody wrote a comment: perhaps a command. Edited comments never are. */
export function onComment(app: Probot, { queue, openPorts }: Desk): void {
  app.on("issue_comment.created", (context) => {
    const { repository, issue, comment } = context.payload;
    if (!comment.body.startsWith("/")) return;
    queue.add({
      repository: repository.full_name,
      key: `comment ${comment.id}`,
      work: async () => {
        const ports = openPorts(context.octokit, repository);
        if (!(await isWriter(ports))) return;
        const written = {
          id: comment.id,
          issue: issue.number,
          isPull: issue.pull_request !== undefined,
          body: comment.body,
          author: comment.user?.login ?? "",
          bot: comment.user?.type === "Bot",
          at: new Date(comment.created_at),
        };
        await answerComment(ports, written, async (effect) => await startEffect(ports, effect, "app"));
      },
    });
  });
}
