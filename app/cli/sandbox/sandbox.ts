import { cp, mkdtemp } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { describeError, ExitError } from "#cli/exit-error.ts";
import { openClone } from "#cli/demo/clone.ts";
import { readNumber } from "#cli/serve.ts";
import { startSandbox } from "./start-sandbox.ts";

type Options = { port: string; state?: string; app: boolean };

/** `trainyard sandbox up [FOLDER]`: a GitHub on this machine, with a repository made from a folder. */
export function addSandbox(program: Command): void {
  const sandbox = program.command("sandbox").description("a GitHub on this machine: git, API, workflows, the app");
  sandbox
    .command("up")
    .description("start one, with a repository made from a folder, and leave it running")
    .argument("[folder]", "what the repository is made from")
    .option("--port <number>", "where it listens (0: any free port)", "0")
    .option(
      "--state <folder>",
      "where it keeps its state; a folder that was used before goes on (default: a temporary one)",
    )
    .option("--no-app", "without the Probot app: the workflow's own token writes")
    .action(async (folder: string | undefined, options: Options) => {
      if (folder !== undefined && !existsSync(folder))
        throw new ExitError(2, `Cannot make a repository from "${folder}": there is no such folder`);
      const state = resolve(options.state ?? (await mkdtemp(join(tmpdir(), "trainyard-sandbox-"))));
      const box = await startSandbox({
        folder: state,
        port: readNumber("--port", options.port, 0, 65_535),
        app: options.app,
        onProblem: (key, error) => process.stderr.write(`${key}: ${describeError(error)}\n`),
        onJob: (run, job) => {
          if (job.status === "completed" && job.conclusion !== "skipped")
            process.stdout.write(`run ${run.id} (${run.event}) ${job.name}: ${job.conclusion ?? ""}\n`);
        },
      });
      const you = box.person("you");
      process.stdout.write(
        `The sandbox is at ${box.url}, its state in ${state}\nYou are "you"; your token is ${you.token}\n`,
      );
      if (folder !== undefined) process.stdout.write(`${await fill(box, folder, you.cloneUrl)}\n`);
      process.stdout.write("Ctrl-C stops it.\n");
      const hold = setInterval(() => undefined, 60_000);
      await new Promise<void>((done) => {
        process.once("SIGINT", () => done());
        process.once("SIGTERM", () => done());
      });
      clearInterval(hold);
      await box.stop();
    });
}

/** Makes the repository `you/<folder>` with the folder's files as its first commit, unless it is there already. */
async function fill(
  box: Awaited<ReturnType<typeof startSandbox>>,
  folder: string,
  cloneUrl: (repository: string) => string,
): Promise<string> {
  const name = basename(resolve(folder)).replaceAll(/[^A-Za-z0-9._-]/g, "-");
  const said = `git clone ${cloneUrl(`you/${name}`)}`;
  if (box.forge.repo("you", name) !== undefined) return said;
  await box.createRepository("you", name);
  const work = await mkdtemp(join(tmpdir(), "trainyard-fill-"));
  const clone = await openClone({
    folder: work,
    url: cloneUrl(`you/${name}`),
    name: "You",
    email: "you@example.com",
    date: () => box.forge.now(),
  });
  await cp(folder, work, { recursive: true, filter: (path) => !/(?:^|\/)(?:\.git|node_modules)$/.test(path) });
  await clone.push("main", `Start from ${name}`);
  return said;
}
