import { execFile, spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { gitEnvironment } from "#sandbox/forge/git/run-git.ts";

let execPath: Promise<string> | undefined;

function backend(): Promise<string> {
  execPath ??= promisify(execFile)("git", ["--exec-path"]).then(({ stdout }) =>
    join(stdout.trim(), "git-http-backend"),
  );
  return execPath;
}

export type GitRequest = {
  gitFolder: string;
  /** "/info/refs" and the like */
  path: string;
  query: string;
  /** login */
  user: string;
  /** for the hooks of the repository */
  env: Readonly<Record<string, string>>;
};

/** Lets `git http-backend` answer a request (CGI). Resolves when git has ended, however the client fares. */
export async function serveGit(request: IncomingMessage, response: ServerResponse, asked: GitRequest): Promise<void> {
  const program = await backend();
  const encoding = request.headers["content-encoding"];
  const protocol = request.headers["git-protocol"];
  const child = spawn(program, [], {
    env: gitEnvironment({
      ...asked.env,
      GIT_PROJECT_ROOT: asked.gitFolder,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: asked.path,
      QUERY_STRING: asked.query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      REMOTE_USER: asked.user,
      REMOTE_ADDR: "127.0.0.1",
      ...(encoding === undefined ? {} : { HTTP_CONTENT_ENCODING: encoding }),
      ...(typeof protocol === "string" ? { GIT_PROTOCOL: protocol } : {}),
    }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {});
  request.pipe(child.stdin);
  child.stderr.resume();
  response.on("drain", () => child.stdout.resume());
  response.on("close", () => {
    // a client that went away must not leave git behind; a push that is here whole is finished
    if (!request.complete || !asked.path.endsWith("receive-pack")) child.kill();
    child.stdout.resume();
  });
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    let body = chunk;
    if (head !== undefined) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      writeHead(response, head.toString("latin1", 0, end));
      body = head.subarray(end + 4);
      head = undefined;
    }
    if (!response.destroyed && !response.write(body)) child.stdout.pause();
  });
  await new Promise<void>((resolve) => {
    child.on("error", () => resolve());
    child.on("close", () => resolve());
  });
  if (head !== undefined && !response.headersSent) response.writeHead(500);
}

function writeHead(response: ServerResponse, text: string): void {
  let status = 200;
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    const [name, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}
