import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect } from "vitest";
import type { ForgeOptions, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { createForge, type LocalForge } from "#sandbox/forge/forge.ts";

const run = promisify(execFile);
const undo: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const act of undo.splice(0).toReversed()) await act();
});

/** Runs after the test, last first. */
export function afterwards(act: () => Promise<void> | void): void {
  undo.push(act);
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "forge-"));
  afterwards(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A running forge; at the end of the test nothing may have gone wrong inside. */
export async function startForge(options: Partial<ForgeOptions> = {}): Promise<LocalForge> {
  const forge = createForge({ folder: temporaryFolder(), ...options });
  await forge.start();
  afterwards(async () => {
    await forge.settled();
    await forge.stop();
    expect(forge.failures).toEqual([]);
  });
  return forge;
}

/** What a test reads fields of without asking for their types. */
// oxlint-disable-next-line typescript/no-explicit-any -- a test that misreads a field fails
export type Json = any;
export type Reply = { status: number; body: Json; headers: Headers; text: string };
export type Client = (route: string, body?: JsonObject, headers?: Record<string, string>) => Promise<Reply>;

/** Sends `"GET /repos/…"`; bodies are JSON. */
export function clientOf(forge: LocalForge, token?: string): Client {
  return async (route, body, headers = {}) => {
    const [method = "GET", path = ""] = route.split(" ", 2);
    const response = await fetch(path.startsWith("http") ? path : forge.urls.server + path, {
      method,
      redirect: "manual",
      headers: {
        "user-agent": "test",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers, text };
  };
}

/** A clone in which git is somebody. */
export type Clone = { folder: string; git: (...args: string[]) => Promise<string> };

export async function gitIn(folder: string, ...args: string[]): Promise<string> {
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
  };
  const { stdout } = await run("git", ["-C", folder, ...args], { env });
  return stdout.trim();
}

export function remoteOf(forge: LocalForge, repo: Repo, token: string): string {
  return `${forge.urls.server.replace("//", `//x-access-token:${token}@`)}/${repo.fullName}.git`;
}

export async function clone(forge: LocalForge, repo: Repo, token: string): Promise<Clone> {
  const folder = temporaryFolder();
  await gitIn(folder, "clone", "--quiet", remoteOf(forge, repo, token), ".");
  return { folder, git: (...args) => gitIn(folder, ...args) };
}

export type World = { forge: LocalForge; repo: Repo; token: string; api: Client };

/** A forge with the owner "acme", the collaborator "ada" who may write, and the repository "acme/shop" with one commit. */
export async function aWorld(options: Partial<ForgeOptions> = {}): Promise<World> {
  const forge = await startForge(options);
  forge.createUser("acme");
  forge.createUser("ada", { name: "Ada", email: "ada@example.com" });
  const repo = await forge.createRepository({ owner: "acme", name: "shop", collaborators: { ada: "write" } });
  const token = forge.createToken("ada");
  const api = clientOf(forge, token);
  await put(api, "README.md", "# Shop\n", "Start");
  return { forge, repo, token, api };
}

/** Writes a file by the API. */
export async function put(
  api: Client,
  path: string,
  text: string,
  message: string,
  more: JsonObject = {},
): Promise<Reply> {
  const content = Buffer.from(text).toString("base64");
  const reply = await api(`PUT /repos/acme/shop/contents/${path}`, { message, content, ...more });
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply;
}

/** A branch from the default branch, with one file changed on it. */
export async function branch(api: Client, name: string, path: string, text: string): Promise<string> {
  const main = await api("GET /repos/acme/shop/git/ref/heads/main");
  await api("POST /repos/acme/shop/git/refs", { ref: `refs/heads/${name}`, sha: main.body.object.sha });
  const old = await api(`GET /repos/acme/shop/contents/${path}?ref=${encodeURIComponent(name)}`);
  const sha = old.status === 200 ? { sha: old.body.sha } : {};
  const reply = await put(api, path, text, `Change ${path}`, { branch: name, ...sha });
  return reply.body.commit.sha;
}

export async function openPull(api: Client, head: string, title = `Change ${head}`): Promise<Json> {
  const reply = await api("POST /repos/acme/shop/pulls", { title, head, base: "main", body: "Please" });
  expect(reply.status, reply.text).toBe(201);
  return reply.body;
}
