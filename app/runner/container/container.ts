import { randomUUID } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { runCommand } from "#runner/run-command.ts";

/** The image that commands run in, and the folders of this machine that its set-up keeps. */
export type Container = { image: string; cache: readonly string[] };

export function containerOf({
  container,
  cache,
}: {
  container?: string | undefined;
  cache?: readonly string[] | undefined;
}): Container | undefined {
  return container === undefined ? undefined : { image: container, cache: cache ?? [] };
}

export type ContainerOrder = Container & {
  /** a folder that is all the container sees of this machine, besides what is kept, under its own path */
  around: string;
  /** where the command runs, and its home, below `around` */
  folder: string;
  home: string;
  command: string;
  /** what the task itself gives to the command */
  env: Readonly<Record<string, string>>;
  /** what this machine gives: of it only what means the same inside */
  hostEnv: Readonly<Record<string, string>>;
};

/** Of a machine's environment what means the same in a container: where programs and libraries are does not. */
const shared =
  /^(?:CI|GITHUB_ACTIONS|TZ|LANG|LC_\w+|(?:HTTPS?|NO|ALL)_PROXY|OMP_\w+|MKL_\w+|NCCL_\w+|CUDA_VISIBLE_DEVICES)$/i;

/**
 * The text that bash runs so that a command runs in a container, and the name to remove it by should it be left. Values of
 * variables are not in the text, which every process of the machine can read: docker takes them from its own environment.
 */
export function writeDockerRun(order: ContainerOrder): { text: string; name: string } {
  const { image, cache, around, folder, home, command, env, hostEnv } = order;
  const name = `trainyard-${randomUUID()}`;
  mkdirSync(home, { recursive: true });
  const mounts = [[around, around], ...cache.map((path) => keep(path, home))];
  const names = [...Object.keys(env), ...Object.keys(hostEnv).filter((one) => shared.test(one))];
  const words = [
    "docker run --rm --init --security-opt no-new-privileges --shm-size 8g --name",
    name,
    ...(process.getuid === undefined ? [] : ["--user", `${process.getuid()}:${process.getgid?.() ?? 0}`]),
    ...(existsSync("/dev/nvidiactl") ? ["--gpus", "all"] : []),
    ...mounts.flatMap(([from = "", to = ""]) => ["--mount", quote(`type=bind,"source=${from}","target=${to}"`)]),
    "--workdir",
    quote(folder),
    "--env",
    quote(`HOME=${home}`),
    ...names.flatMap((one) => ["--env", quote(one)]),
    "--entrypoint bash",
    quote(image),
    "--noprofile --norc -eo pipefail -c",
    quote(command),
  ];
  return { text: `exec ${words.join(" ")}`, name };
}

/** A folder of the machine's home, and where it is in the container's; docker would make either as root. */
function keep(path: string, home: string): [from: string, to: string] {
  const [from, to] = [join(homedir(), path.slice(2)), join(home, path.slice(2))];
  mkdirSync(from, { recursive: true });
  mkdirSync(to, { recursive: true });
  return [from, to];
}

/** Removes a container that its command line left running. */
export async function removeContainer(name: string, env: Readonly<Record<string, string>>, cwd: string): Promise<void> {
  await runCommand({ command: `docker rm --force ${quote(name)}`, cwd, env, timeoutMs: 30_000 });
}

/** Is there a docker on the path of commands? */
export function hasDocker({ PATH = "" }: Readonly<Record<string, string>>): boolean {
  return PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, "docker"), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
