import type { IncomingMessage } from "node:http";
import * as z from "zod";
import { findPeople, mayWrite } from "./find-acts.ts";
import { refuse } from "./find-page.ts";
import type { Asked, PageAnswer, PagesGround } from "./serve-pages.ts";

const formSchema = z.object({
  as: z.string(),
  act: z.enum(["comment", "approve", "refuse", "close", "reopen", "merge", "revert"]),
  body: z.string().max(65_536).default(""),
  method: z.enum(["merge", "squash", "rebase"]).default("merge"),
  sha: z.string().optional(),
});
type Form = z.infer<typeof formSchema>;
type Call = { method: string; path: string; body: Record<string, unknown> };

const mostBytes = 512 * 1024;

/**
 * Does what a form asks, by a request to the sandbox's own API with the token of the person named: it may what they may.
 * Answers the page again, or one that says why it was refused and keeps what was typed.
 */
export async function act(
  ground: PagesGround,
  { repo, rest, url }: Asked,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const [kind, one, ...more] = rest;
  const number = Number(one);
  if (repo === undefined || more.length > 0 || !/^\d{1,9}$/.test(one ?? "") || (kind !== "pull" && kind !== "issues"))
    return refuse(404, "There is no such page here.");
  if (!/^application\/x-www-form-urlencoded\b/.test(request.headers["content-type"] ?? ""))
    return refuse(415, "Only the forms of these pages are read.");
  const text = await readText(request);
  const form =
    text === undefined ? undefined : formSchema.safeParse(Object.fromEntries(new URLSearchParams(text))).data;
  if (form === undefined) return refuse(400, "This form cannot be read, or is too long.");
  if (!findPeople(ground.forge, repo).includes(form.as))
    return refuse(403, `"${form.as}" is nobody who can act in ${repo.fullName}.`, form.body);
  const back = (path: string): PageAnswer => ({ status: 303, type: "html", text: "", location: path });
  if (form.act === "revert" && kind === "pull") {
    if (!mayWrite(repo, form.as)) return refuse(403, `"${form.as}" may not write to ${repo.fullName}.`);
    try {
      return back(`/${repo.fullName}/pull/${await ground.forge.revertPull(repo, number, form.as)}`);
    } catch (error) {
      return refuse(422, error instanceof Error ? error.message : String(error));
    }
  }
  for (const call of callsOf(form, kind, `/repos/${repo.fullName}`, number)) {
    // oxlint-disable-next-line no-await-in-loop -- what is said comes before what is done
    const problem = await send(ground, form.as, call);
    if (problem !== undefined) return refuse(422, problem, form.body);
  }
  return back(url.pathname);
}

/** The requests behind a button. What was typed is said before anything is closed or merged. */
function callsOf(
  { act: wanted, body, method, sha }: Form,
  kind: "pull" | "issues",
  base: string,
  number: number,
): Call[] {
  const issue = `${base}/issues/${number}`;
  const pull = `${base}/pulls/${number}`;
  const comment: Call = { method: "POST", path: `${issue}/comments`, body: { body } };
  const said = body.trim() === "" ? [] : [comment];
  const own = sha === undefined ? {} : { sha };
  const review = (event: string): Call => ({
    method: "POST",
    path: `${pull}/reviews`,
    body: { event, body, ...(sha === undefined ? {} : { commit_id: sha }) },
  });
  switch (wanted) {
    case "comment":
      return [comment];
    case "approve":
      return [review("APPROVE")];
    case "refuse":
      return [review("REQUEST_CHANGES")];
    case "merge":
      return [...said, { method: "PUT", path: `${pull}/merge`, body: { merge_method: method, ...own } }];
    case "close":
    case "reopen": {
      const state = wanted === "close" ? "closed" : "open";
      return [...said, { method: "PATCH", path: kind === "pull" ? pull : issue, body: { state } }];
    }
    case "revert":
      return [];
  }
}

/** Answers why it was refused; undefined where it was done. */
async function send(
  { forge, person }: PagesGround,
  login: string,
  { method, path, body }: Call,
): Promise<string | undefined> {
  const answer = await fetch(`${forge.urls.api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${person(login).token}`,
      "content-type": "application/json",
      "user-agent": "trainyard-pages",
    },
    body: JSON.stringify(body),
  });
  if (answer.ok) {
    await answer.body?.cancel();
    return undefined;
  }
  const said = z
    .object({
      message: z.string(),
      errors: z.array(z.union([z.string(), z.object({ message: z.string().optional() })])).optional(),
    })
    .safeParse(await answer.json().catch(() => undefined)).data;
  const details = (said?.errors ?? []).map((one) => (typeof one === "string" ? one : (one.message ?? "")));
  const why = [said?.message ?? "", ...details].filter((part) => part !== "").join(". ");
  return `The sandbox answered ${answer.status} to @${login}: ${why}`;
}

async function readText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no encoding is set: chunks are Buffers
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > mostBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}
