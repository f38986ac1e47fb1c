import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Person } from "#cli/sandbox/person.ts";
import type { JobRecord } from "#sandbox/actions/run/run-record.ts";
import type { Forge, Repo } from "#sandbox/forge/contract.ts";
import { createGuard, type Guard } from "./guard.ts";

/** What the pages stand on: the forge's records, the logs of jobs, and people in whose name a form is sent on. */
export type PagesGround = {
  forge: Forge;
  logPath: (job: JobRecord) => string;
  person: (login: string) => Person;
};

/** What is answered: a page, a redirect, or the lines of a log. */
export type PageAnswer = { status: number; type: "html" | "json"; text: string; location?: string };

/** Names that the API has in the place of an owner, as on GitHub: nobody's repository is there. */
const notOwners = new Set(["repos", "api", "uploads", "app", "user", "users", "orgs", "installation", "twirp"]);
const gitPaths = /^(?:info\/refs|git-upload-pack|git-receive-pack|HEAD|objects\/.*)$/;

/**
 * Serves the pages of a sandbox to people in a browser, where GitHub has them; git and the API stay where they are.
 * Answers the link to open: it lets this browser act in people's names.
 */
export function servePages(ground: PagesGround): { link(): string } {
  const { forge } = ground;
  const guard = createGuard(() => new URL(forge.urls.server).port);
  forge.mount("/", async (request, response) => {
    const asked = readAddress(forge, request);
    if (asked === undefined) return false;
    await answer(ground, guard, asked, request, response);
  });
  return { link: () => `${forge.urls.server}/?key=${guard.key}` };
}

/** What a request asks for; `rest` is what comes behind owner and name, decoded. */
export type Asked = { url: URL; repo: Repo | undefined; rest: readonly string[] };

function readAddress(forge: Forge, request: IncomingMessage): Asked | undefined {
  const { method } = request;
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return undefined;
  const url = URL.parse(request.url ?? "/", "http://sandbox");
  if (url === null) return undefined;
  if (url.pathname === "/") return { url, repo: undefined, rest: [] };
  let parts: string[];
  try {
    parts = url.pathname.slice(1).replace(/\/$/, "").split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const [owner = "", name = "", ...rest] = parts;
  const repo = notOwners.has(owner.toLowerCase()) ? undefined : forge.repo(owner, name);
  return repo === undefined || gitPaths.test(rest.join("/")) ? undefined : { url, repo, rest };
}

async function answer(
  ground: PagesGround,
  guard: Guard,
  asked: Asked,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Only who looks at pages loads what makes them.
  const [{ livePolicy }, { findPage, refuse }, { act }] = await Promise.all([
    import("#web/layout.ts"),
    import("./find-page.ts"),
    import("./act.ts"),
  ]);
  const send = (found: PageAnswer): void => {
    if (!request.complete) request.resume();
    const tag = `"${createHash("sha256").update(found.text).digest("base64url")}"`;
    const isSame = found.status === 200 && request.headers["if-none-match"] === tag;
    response.writeHead(isSame ? 304 : found.status, {
      "content-type": found.type === "html" ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
      "content-security-policy": livePolicy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
      etag: tag,
      ...(found.location === undefined ? {} : { location: found.location }),
    });
    response.end(isSame || request.method === "HEAD" ? undefined : found.text);
  };
  if (!guard.isAddressed(request)) {
    send(
      refuse(403, "These pages answer to the address of this machine only, such as http://127.0.0.1 with the port."),
    );
    return;
  }
  const key = asked.url.searchParams.get("key");
  if (key !== null && guard.opens(key)) {
    response.setHeader("set-cookie", guard.cookie);
    send({ status: 303, type: "html", text: "", location: asked.url.pathname });
    return;
  }
  const isKnown = guard.isKnown(request);
  if (request.method !== "POST")
    send(await findPage(ground, asked, { isKnown, isPoll: "trainyard-live" in request.headers }));
  else if (!isKnown || !guard.isOwn(request))
    send(refuse(403, "Only a page of this sandbox, opened by the link that it printed, can act in somebody's name."));
  else send(await act(ground, asked, request));
}
