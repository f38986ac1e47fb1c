import * as z from "zod";
import type { WrittenComment } from "#flow/answer-comment.ts";

/** What an event asks of the loop. The payload is only a hint: whoever acts on it reads the truth again. */
export type Trigger =
  | { kind: "pull"; number: number }
  | { kind: "push" }
  | { kind: "watch"; forced: boolean; model: string | undefined }
  | { kind: "train"; pull: number; head: string; again: boolean }
  | { kind: "compare"; pull: number; head: string }
  | { kind: "promote"; model: string; artifact: string; stage: string; by: string; why: string }
  | { kind: "comment"; comment: WrittenComment }
  | { kind: "nothing"; because: string };

const pullPayload = z.object({ pull_request: z.object({ number: z.number().int() }) });
const pushPayload = z.object({ ref: z.string(), repository: z.object({ default_branch: z.string() }) });
const commentPayload = z.object({
  action: z.string(),
  issue: z.object({ number: z.number().int(), pull_request: z.unknown().optional() }),
  comment: z.object({ id: z.number(), body: z.string(), user: z.object({ login: z.string(), type: z.string() }) }),
});
const dispatchPayload = z.object({
  inputs: z.record(z.string(), z.string().nullish()).nullish(),
});

export function readTrigger(event: string, payload: unknown): Trigger {
  switch (event) {
    case "pull_request":
      return { kind: "pull", number: pullPayload.parse(payload).pull_request.number };
    case "push": {
      const push = pushPayload.parse(payload);
      if (push.ref === `refs/heads/${push.repository.default_branch}`) return { kind: "push" };
      return { kind: "nothing", because: `"${push.ref}" is not the default branch` };
    }
    case "schedule":
      return { kind: "watch", forced: false, model: undefined };
    case "workflow_dispatch":
      return readDispatch(dispatchPayload.parse(payload).inputs ?? {});
    case "issue_comment":
      return readComment(payload);
    default:
      return { kind: "nothing", because: `the loop does nothing on "${event}" yet` };
  }
}

function readDispatch(inputs: Readonly<Record<string, string | null | undefined>>): Trigger {
  const text = (name: string): string => inputs[name] ?? "";
  const command = text("command");
  const pull = Number(text("pull"));
  switch (command) {
    case "watch":
    case "":
      return { kind: "watch", forced: true, model: text("model") === "" ? undefined : text("model") };
    case "train":
    case "compare":
      if (!Number.isSafeInteger(pull) || pull < 1)
        return { kind: "nothing", because: `"${text("pull")}" is no pull request's number` };
      if (command === "compare") return { kind: "compare", pull, head: text("head") };
      return { kind: "train", pull, head: text("head"), again: text("again") === "true" };
    case "promote":
      return {
        kind: "promote",
        model: text("model"),
        artifact: text("artifact"),
        stage: text("stage"),
        by: text("by"),
        why: text("why"),
      };
    default:
      return { kind: "nothing", because: `there is no command "${command}": watch, train, compare, promote` };
  }
}

function readComment(payload: unknown): Trigger {
  const { action, issue, comment } = commentPayload.parse(payload);
  if (action !== "created") return { kind: "nothing", because: "only a new comment is a command" };
  return {
    kind: "comment",
    comment: {
      id: comment.id,
      issue: issue.number,
      isPull: issue.pull_request !== undefined && issue.pull_request !== null,
      body: comment.body,
      author: comment.user.login,
      bot: comment.user.type === "Bot",
    },
  };
}
