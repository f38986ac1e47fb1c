import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "./cli/run-cli.ts";

let folder: string;
let server: Server;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trainyard-mistakes-"));
  await mkdir(join(folder, "empty", ".git"), { recursive: true });
  server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (typeof address === "object" && address !== null) ({ port } = address);
});

afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  await rm(folder, { recursive: true, force: true });
});

it.concurrent.for<[args: string, says: string]>([
  ["nonsense", 'Unknown command "nonsense": add --help to see what there is'],
  ["chek", 'Unknown command "chek": did you mean check?'],
  ["check --nonsense", 'Unknown option "--nonsense": add --help to see what there is'],
  ["check --jso", 'Unknown option "--jso": did you mean --json?'],
  [
    "check more",
    'Too many arguments for "check", expected 0 arguments but got 1: more: add --help to see what there is',
  ],
  ["check --base", 'Option "--base <ref>" argument missing: add --help to see what there is'],
  ["check --repository nowhere", 'Cannot run git in "nowhere": there is no such folder'],
  ["check", 'Cannot find a git repository at ".": run this inside a clone, or make one with "git init"'],
  ["runs list", 'Cannot find a git repository at ".": run this inside a clone, or make one with "git init"'],
  ["status", 'Cannot find a git repository at ".": run this inside a clone, or make one with "git init"'],
  ["runs show", 'Missing required argument "run": add --help to see what there is'],
  ["runs list --limit many", 'Cannot read --limit "many": it is a whole number from 1 to 1000000'],
  [
    "config",
    'Cannot read ".github/trainyard.yml": there is no such file. The config of a repository lies at ".github/trainyard.yml"',
  ],
  ["config .", 'Cannot read ".": it is a folder. The config of a repository lies at ".github/trainyard.yml"'],
  ["serve", 'Required option "--repository <owner/name>" not specified: add --help to see what there is'],
  [
    "serve --repository nonsense",
    'Cannot read "nonsense" as a repository: write "owner/name", or its address such as "https://github.com/owner/name"',
  ],
  ["serve --repository a/b --port 99999", 'Cannot read --port "99999": it is a whole number from 0 to 65535'],
  [
    "serve --repository a/b --model m --api http://127.0.0.1:2 --port PORT",
    'Cannot listen on "127.0.0.1:PORT": the port is taken. Stop what listens there, or choose another one with "--port"',
  ],
  [
    "status --repository a/b --api http://127.0.0.1:2",
    'Cannot read the repository "a/b": http://127.0.0.1:2 gave no answer: "connect ECONNREFUSED 127.0.0.1:2"; check that address, what should listen there and the network; run it again',
  ],
  [
    "sandbox up empty",
    'Cannot make a repository from "empty": it is empty. Put ".github/trainyard.yml" there, what it names, and docs/workflow.yml as ".github/workflows/trainyard.yml"',
  ],
  ["sandbox up nowhere", 'Cannot make a repository from "nowhere": there is no such folder'],
  [
    "sandbox up --port PORT",
    'Cannot start the sandbox on "127.0.0.1:PORT": port "PORT" is taken by another program: name a free one, or 0 for any',
  ],
  ["app", "Cannot start the app: set APP_ID"],
  ["app --port x", 'Cannot read --port "x": it is a whole number from 0 to 65535'],
])("trainyard %s", async ([args, says], { expect }) => {
  const real = (text: string): string => text.replaceAll("PORT", String(port));
  const said = await runCli(folder, real(args).split(" "), { TMPDIR: folder });
  expect(said).toEqual({ code: 2, stdout: "", stderr: `trainyard: ${real(says)}\n` });
});

it.concurrent.for(["", "sandbox", "runs"])("trainyard %s shows what there is", async (args, { expect }) => {
  const said = await runCli(folder, args === "" ? [] : [args]);
  expect(said.code).toBe(2);
  expect(said.stderr).toContain("Commands:");
});

it("every command's help has an example", async () => {
  const commands = ["check", "config", "runs list", "status", "serve", "sandbox up", "app", "demo"];
  const helps = await Promise.all(
    commands.map(async (command) => await runCli(folder, [...command.split(" "), "--help"])),
  );
  for (const [index, { code, stdout }] of helps.entries()) {
    expect(code).toBe(0);
    expect(stdout, commands[index]).toMatch(/^(?:Examples?|Try it):\n {2}\S/m);
  }
});
