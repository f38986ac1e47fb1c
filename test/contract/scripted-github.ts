import { createServer, type IncomingHttpHeaders } from "node:http";
import { createOctokit } from "#github/create-octokit.ts";
import type { GitHub } from "#github/client/octokit.ts";

export type Scripted = {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** cut the connection instead of answering */
  hangUp?: boolean;
};

export type Seen = { method: string; path: string; body: unknown; headers: IncomingHttpHeaders };

/**
 * A server that answers each `METHOD /path` with what it was told, one after the other (the last for ever), records every
 * request, and 501 to the rest: for what a well-behaved GitHub never does.
 */
export async function scriptedGithub(
  script: Record<string, Scripted | readonly Scripted[]>,
): Promise<{ github: GitHub; url: string; seen: Seen[]; calls(): string[] } & AsyncDisposable> {
  const seen: Seen[] = [];
  const left = new Map(Object.entries(script).map(([route, answers]) => [route, [answers].flat()]));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const json = request.headers["content-type"]?.startsWith("application/json") === true;
      const path = decodeURIComponent(request.url ?? "");
      seen.push({ method: request.method ?? "", path, body: json ? JSON.parse(text) : text, headers: request.headers });
      const answers =
        left.get(`${request.method} ${path}`) ?? left.get(`${request.method} ${path.split("?")[0]}`) ?? [];
      const answer: Scripted = (answers.length > 1 ? answers.shift() : answers[0]) ?? {
        status: 501,
        body: { message: `no answer for ${path}` },
      };
      if (answer.hangUp === true) {
        request.socket.destroy();
        return;
      }
      const raw = answer.body instanceof Uint8Array;
      response.writeHead(answer.status ?? 200, {
        "content-type": raw ? "application/octet-stream" : "application/json; charset=utf-8",
        ...answer.headers,
      });
      response.end(raw ? answer.body : JSON.stringify(answer.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return {
    github: { octokit: createOctokit({ baseUrl: url, token: "ghs_test" }), owner: "acme", repo: "shop" },
    url,
    seen,
    calls: () => seen.map(({ method, path }) => `${method} ${path.replace("/repos/acme/shop", "")}`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
