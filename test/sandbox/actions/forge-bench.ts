import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createActions } from "#sandbox/actions/actions.ts";
import type { Actions, ActionsSettings } from "#sandbox/actions/actions.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import { createForge, type LocalForge } from "#sandbox/forge/forge.ts";

const run = promisify(execFile);

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of the API freely
type Body = any;
export type Answer = { status: number; body: Body };
export type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

export type ForgeBench = {
  forge: LocalForge;
  actions: Actions;
  repo: Repo;
  /** asks below /repos/acme/shop as its owner */
  api: Ask;
  /** the same with another token */
  as(token: string): Ask;
  git(...args: string[]): Promise<string>;
  /** commits files onto a branch (made from where the clone stands) and pushes it; answers the commit */
  push(branch: string, files: Readonly<Record<string, string>>, message?: string): Promise<string>;
  /** "event conclusion title" of all runs, oldest first, once everything is idle */
  runs(): Promise<string[]>;
  /** the log of the newest job with this name, without instants */
  log(name: string): Promise<string>;
  wait(seconds: number): void;
  stop(): Promise<void>;
};

export async function openForgeBench(settings: ActionsSettings = {}): Promise<ForgeBench> {
  const root = mkdtempSync(join(tmpdir(), "actions-forge-"));
  let clock = Date.parse("2026-11-02T09:00:00Z");
  const actions = createActions({ patience: { interruptMs: 300, terminateMs: 300 }, ...settings });
  const forge = createForge({
    folder: join(root, "forge"),
    clock: () => new Date(clock),
    parts: [actions.part],
  });
  await forge.start();
  for (const login of ["acme", "wren"]) forge.createUser(login);
  const repo = await forge.createRepository({ owner: "acme", name: "shop", collaborators: { wren: "write" } });
  const token = forge.createToken("acme");
  const clone = join(root, "clone");
  mkdirSync(clone);
  const git = async (...args: string[]): Promise<string> => {
    const who = ["-c", "user.name=acme", "-c", "user.email=acme@example.com"];
    const { stdout } = await run("git", ["-C", clone, ...who, ...args]);
    return stdout.trim();
  };
  await git("init", "-q", "-b", "main");
  await git("remote", "add", "origin", `${forge.urls.server.replace("//", `//x:${token}@`)}/acme/shop`);
  const as =
    (who: string): Ask =>
    async (method, path, body) => {
      const answer = await fetch(path.startsWith("http") ? path : `${forge.urls.api}/repos/acme/shop${path}`, {
        method,
        headers: { authorization: `Bearer ${who}`, "user-agent": "test" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = answer.headers.get("content-type")?.includes("json") === true;
      return { status: answer.status, body: isJson ? JSON.parse(text) : text };
    };
  const api = as(token);
  return {
    forge,
    actions,
    repo,
    api,
    as,
    git,
    async push(branch, files, message = `Change ${Object.keys(files).join(", ")}`) {
      const known = await git("branch", "--list", branch);
      if ((await git("branch", "--show-current")) !== branch)
        await git("checkout", "-q", ...(known ? [] : ["-b"]), branch);
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(clone, path)), { recursive: true });
        writeFileSync(join(clone, path), content);
      }
      await git("add", "-A");
      await git("commit", "-q", "--allow-empty", "-m", message);
      await git("push", "-q", "origin", branch);
      return git("rev-parse", "HEAD");
    },
    async runs() {
      await actions.idle();
      const { body } = await api("GET", "/actions/runs?per_page=100");
      return body.workflow_runs.toReversed().map((one: Body) => `${one.event} ${one.conclusion} ${one.display_title}`);
    },
    async log(name) {
      await actions.idle();
      const { body } = await api("GET", "/actions/runs?per_page=100");
      for (const { id } of body.workflow_runs) {
        const { body: list } = await api("GET", `/actions/runs/${id}/jobs`);
        const job = list.jobs.find((one: Body) => one.name === name);
        if (job === undefined) continue;
        const { body: text } = await api("GET", `/actions/jobs/${job.id}/logs`);
        return String(text)
          .split("\n")
          .map((line) => line.slice(29))
          .join("\n");
      }
      throw new Error(`no job "${name}"`);
    },
    wait(seconds) {
      clock += seconds * 1000;
    },
    async stop() {
      await actions.stop();
      await forge.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
