import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Task } from "#core/plan/plan-record.ts";
import { Place, taskOf } from "./task-fixture.ts";

const image = `ghcr.io/acme/train@sha256:${"0".repeat(64)}`;

/** Writes down how it was called, and does on this machine what the container would do inside. */
const fake = (notes: string): string => `#!/bin/bash
printf '%s\\n' "$1" "$@" >> ${notes}/calls
[ "$1" = run ] || exit 0
for word in "$@"; do printf '%s\\n' "$word"; done > ${notes}/words
[ -e ${notes}/broken ] && { echo "Cannot connect to the Docker daemon"; exit 125; }
while [ "$1" != "${image}" ]; do [ "$1" = --workdir ] && cd "$2"; case "$1$2" in --envHOME=*) HOME="\${2#HOME=}";; esac; shift; done
shift; HOME="$HOME" exec bash "$@"
`;

let place: Place;
let notes: string;
let path: string;
beforeEach(() => {
  place = new Place();
  notes = join(place.folder, "notes");
  path = join(place.folder, "bin");
  mkdirSync(notes);
  mkdirSync(path);
  writeFileSync(join(path, "docker"), fake(notes));
  chmodSync(join(path, "docker"), 0o755);
  vi.stubEnv("HOME", join(place.folder, "home"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  place.remove();
});

const words = (): string[] => readFileSync(join(notes, "words"), "utf8").trimEnd().split("\n");
const task = (change: Parameters<typeof taskOf>[0] = {}): Task => ({
  ...taskOf(change),
  container: image,
  cache: ["~/.cache/uv"],
});
const env = { CI: "true", OMP_NUM_THREADS: "4", VIRTUAL_ENV: "/opt/venv", UV_TOOL_DIR: "/opt/uv" };
const start = (of: Task, more: Parameters<Place["start"]>[1] = {}) =>
  place.start(of, { env: { ...env, PATH: `${path}:${process.env["PATH"]}` }, ...more });

describe("a task in a container", () => {
  it("sets up, trains and predicts in it", async () => {
    const lines: string[] = [];
    const train = "echo \"home $HOME\"; echo 'it'\"'\"'s $1' > model.bin";
    const outcome = await start(task({ setup: "echo set up", train, predict: 'cat "$MODEL" > "$PREDICTIONS"' }), {
      onLine: (line) => lines.push(line),
    });
    expect(outcome.failures).toEqual([]);
    expect(lines).toEqual(["set up", `home ${join(place.folder, "work/train/home")}`, "set up"]);
    expect(readFileSync(outcome.predictions[0]?.file ?? "", "utf8")).toBe("it's $1\n");
    expect(readFileSync(join(notes, "calls"), "utf8").match(/^run$/gm)).toHaveLength(8);
  });

  it("sees its own folder and the folders that are kept, and of the environment what means the same inside", async () => {
    await start(task({ train: "echo 1 > model.bin", setup: "true" }), { secrets: { HF_TOKEN: "hunter-two" } });
    // the last command was predict: no secret
    const around = join(place.folder, "work/predict-1");
    expect(
      words()
        .join(" ")
        .replaceAll(around, "AROUND")
        .replace(/trainyard-[0-9a-f-]{36}/, "NAME"),
    ).toBe(
      [
        "run --rm --init --security-opt no-new-privileges --shm-size 8g --name NAME",
        `--user ${process.getuid?.()}:${process.getgid?.()}`,
        ...(existsSync("/dev/nvidiactl") ? ["--gpus all"] : []),
        '--mount type=bind,"source=AROUND","target=AROUND"',
        `--mount type=bind,"source=${join(homedir(), ".cache/uv")}","target=AROUND/home/.cache/uv"`,
        "--workdir AROUND/work --env HOME=AROUND/home --env MODEL --env ROWS --env PREDICTIONS --env CI --env OMP_NUM_THREADS",
        `--entrypoint bash ${image} --noprofile --norc -eo pipefail -c cat "$ROWS" > "$PREDICTIONS"`,
      ].join(" "),
    );
    const calls = readFileSync(join(notes, "calls"), "utf8");
    expect(calls).toContain("HF_TOKEN\n");
    expect(calls).not.toContain("hunter-two");
    expect(existsSync(join(homedir(), ".cache/uv"))).toBe(true);
  });

  it("that is cancelled leaves no container behind", async () => {
    const stop = new AbortController();
    const onLine = (): void => stop.abort();
    const { failures } = await start(task({ train: "echo begins; sleep 20" }), { signal: stop.signal, onLine });
    expect(failures).toMatchObject([{ message: 'The "train" command was cancelled' }]);
    const name = words()[words().indexOf("--name") + 1];
    expect(readFileSync(join(notes, "calls"), "utf8")).toContain(`rm\nrm\n--force\n${name}\n`);
  });

  it("says so where docker is not there, and where it does not work", async () => {
    const without = await place.start(task(), { env: { PATH: "/nowhere" } });
    expect(without.failures).toMatchObject([
      {
        message: expect.stringMatching(
          /^The config runs commands in "ghcr\.io\/acme\/train@sha256:0+" \("setup\.container"\), and there is no docker on this machine: name runners/,
        ),
      },
    ]);
    writeFileSync(join(notes, "broken"), "");
    expect((await start(task())).failures).toMatchObject([
      { message: expect.stringMatching(/^docker could not run "ghcr/), log: "Cannot connect to the Docker daemon\n" },
    ]);
  });
});
