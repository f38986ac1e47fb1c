import * as z from "zod";
import type { WrittenComment } from "#flow/comment/outcome.ts";
import { readShape } from "./read-json.ts";

/** What an event asks of the loop. The payload is only a hint: whoever acts on it reads the truth again. */
export type Trigger =
  /** `fork`: its head lives in another repository, so this run may only read */
  | { kind: "pull"; number: number; fork: boolean }
  | { kind: "group"; head: string; ref: string }
  | { kind: "push"; before?: string | undefined }
  | { kind: "watch"; forced: boolean; model: string | undefined }
  | { kind: "train"; pull: number; head: string; again: boolean }
  | { kind: "compare"; pull: number; head: string }
  | { kind: "promote"; model: string; subject: string; stage: string; by: string; why: string }
  | { kind: "comment"; comment: WrittenComment }
  | { kind: "nothing"; because: string };

const side = z.object({ repo: z.object({ id: z.number() }).nullable() });
const pullPayload = z.object({ pull_request: z.object({ number: z.number().int(), head: side, base: side }) });
const groupPayload = z.object({ merge_group: z.object({ head_sha: z.string(), head_ref: z.string() }) });
const pushPayload = z.object({
  ref: z.string(),
  before: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .optional(),
  repository: z.object({ default_branch: z.string() }),
});
const commentPayload = z.object({
  action: z.string(),
  issue: z.object({ number: z.number().int(), pull_request: z.unknown().optional() }),
  comment: z.object({
    id: z.number(),
    body: z.string(),
    created_at: z.iso.datetime({ offset: true }),
    user: z.object({ login: z.string(), type: z.string() }),
  }),
});
const dispatchPayload = z.object({
  ref: z.string(),
  repository: z.object({ default_branch: z.string() }),
  sender: z.object({ login: z.string(), type: z.string() }),
  inputs: z.record(z.string(), z.string().nullish()).nullish(),
});

export function readTrigger(event: string, payload: unknown): Trigger {
  switch (event) {
    case "pull_request":
      return readPull(payload);
    case "merge_group": {
      const { merge_group: group } = readShape(payload, groupPayload, 'the event "merge_group"');
      return { kind: "group", head: group.head_sha, ref: group.head_ref };
    }
    case "push": {
      const push = readShape(payload, pushPayload, 'the event "push"');
      if (push.ref === `refs/heads/${push.repository.default_branch}`) return { kind: "push", before: push.before };
      // The job "verdict" would be green on a commit that nobody judged: it must not begin to look so.
      throw new Error(
        `"${push.ref}" is not the default branch, and a push to it is not judged: write "branches: [${push.repository.default_branch}]" below "push:" in the workflow`,
      );
    }
    case "schedule":
      return { kind: "watch", forced: false, model: undefined };
    case "workflow_dispatch":
      return readDispatch(readShape(payload, dispatchPayload, 'the event "workflow_dispatch"'));
    case "issue_comment":
      return readComment(payload);
    default:
      throw new Error(`The loop judges nothing on "${event.slice(0, 60)}" yet: take it out of "on:" in the workflow`);
  }
}

function readPull(payload: unknown): Trigger {
  const { pull_request: pull } = readShape(payload, pullPayload, 'the event "pull_request"');
  return { kind: "pull", number: pull.number, fork: pull.head.repo?.id !== pull.base.repo?.id };
}

function readDispatch({ ref, repository, sender, inputs }: z.infer<typeof dispatchPayload>): Trigger {
  // On a pull request's branch it would run under that branch's workflow, and be green on a commit that nobody judged.
  if (ref !== `refs/heads/${repository.default_branch}`) {
    throw new Error(
      `"${ref.slice(0, 300)}" is not the default branch: start the workflow on "${repository.default_branch}"`,
    );
  }
  const text = (name: string): string => inputs?.[name] ?? "";
  // The app says in whose name it asks; whoever starts the workflow by hand speaks for themselves, and so does a
  // workflow of whoever may push a branch.
  const isApp = sender.type === "Bot" && sender.login !== "github-actions[bot]";
  const by = text("by") === "" || isApp ? text("by") : sender.login;
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
        subject: text("digest"),
        stage: text("stage"),
        by,
        why: text("why"),
      };
    default:
      return { kind: "nothing", because: `there is no command "${command}": watch, train, compare, promote` };
  }
}

function readComment(payload: unknown): Trigger {
  const { action, issue, comment } = readShape(payload, commentPayload, 'the event "issue_comment"');
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
      at: new Date(comment.created_at),
    },
  };
}
