import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import * as z from "zod";
import { describeError } from "#cli/exit-error.ts";
import { fillRepository, refuseEmpty } from "./fill-repository.ts";
import { startSandbox, type Sandbox } from "./start-sandbox.ts";
import { tellWaiting } from "./tell-waiting.ts";

type Order = { folder: string | undefined; port: number; state: string | undefined; app: boolean };

const you = "you";

/** The folders of a PATH; what is not absolute would mean another folder in every step. */
const splitPath = (path: string): readonly string[] => [...new Set(path.split(delimiter).filter(isAbsolute))];

/** Runs a sandbox until somebody presses Ctrl-C. A state that was named stays, with its address and its token. */
export async function runSandbox({ folder, port, state, app }: Order): Promise<void> {
  if (folder !== undefined) await refuseEmpty(folder);
  const place = state === undefined ? await mkdtemp(join(tmpdir(), "trainyard-sandbox-")) : resolve(state);
  const held = holdUntilStopped();
  try {
    const kept = await readKept(place);
    const box = await startSandbox({
      folder: place,
      port: port === 0 ? (kept?.port ?? 0) : port,
      app,
      // jobs find the Python, the R, the make of whoever started it, as on a machine of their own
      settings: { runnerPath: splitPath(process.env["PATH"] ?? "") },
      onProblem: (key, error) => process.stderr.write(`${key}: ${describeError(error)}\n`),
      onJob: (run, job) => {
        if (job.status === "completed" && job.conclusion !== "skipped")
          process.stdout.write(`run ${run.id} (${run.event}) ${job.name}: ${job.conclusion ?? ""}\n`);
      },
    });
    try {
      const token = await keep(place, box, kept);
      process.stdout.write(
        `The sandbox is at ${box.url}, its state in ${place}\nYou are "${you}"; your token is ${token}\nIts pages: ${box.pages}\n`,
      );
      tellWaiting(box.forge, token, (text) => process.stdout.write(`${text}\n`));
      if (folder !== undefined) await fillRepository(box, folder, { login: you, token });
      process.stdout.write(sayRepositories(box, token));
      process.stdout.write("Ctrl-C stops it.\n");
      await held.stopped;
    } finally {
      await box.stop();
    }
  } finally {
    held.release();
    if (state === undefined) await rm(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * `stopped` resolves at the first Ctrl-C (or SIGTERM), also if that comes while the sandbox starts; a second one ends the
 * process as it stands.
 */
function holdUntilStopped(): { stopped: Promise<void>; release: () => void } {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  const hold = setInterval(() => undefined, 60_000);
  let asked = false;
  const stop = (): void => {
    if (asked) process.exit(130);
    asked = true;
    process.stdout.write("Stopping.\n");
    done();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return {
    stopped: promise,
    release() {
      clearInterval(hold);
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    },
  };
}

/** How to clone each repository that is there. */
function sayRepositories(box: Sandbox, token: string): string {
  const address = box.url.replace("//", `//${you}:${token}@`);
  const mine = box.forge.repos().filter(({ fullName }) => fullName.startsWith(`${you}/`));
  return mine.length === 0
    ? "It has no repository yet: stop it and name a folder to make one from, as in trainyard sandbox up my-model\n"
    : mine.map(({ fullName }) => `git clone ${address}/${fullName}.git\n`).join("");
}

const keptSchema = z.strictObject({ port: z.number(), token: z.string() });
type Kept = z.infer<typeof keptSchema>;

async function readKept(place: string): Promise<Kept | undefined> {
  try {
    return keptSchema.safeParse(JSON.parse(await readFile(join(place, "up.json"), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** A clone that was made from this sandbox before must go on: the same address, the same token. */
async function keep(place: string, box: Sandbox, kept: Kept | undefined): Promise<string> {
  const token = kept !== undefined && (await isGood(box, kept.token)) ? kept.token : box.person(you).token;
  const now: Kept = { port: Number(new URL(box.url).port), token };
  await writeFile(join(place, "up.json"), JSON.stringify(now), { mode: 0o600 });
  return token;
}

async function isGood(box: Sandbox, token: string): Promise<boolean> {
  return await box
    .octokit(token)
    .rest.rateLimit.get()
    .then(
      () => true,
      () => false,
    );
}
