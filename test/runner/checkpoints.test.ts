import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Checkpoints, Resumed } from "#runner/checkpoint/checkpoints.ts";
import { takeSnapshot } from "#runner/checkpoint/take-snapshot.ts";
import type { Task } from "#core/plan/plan-record.ts";
import { Place, taskOf } from "./task-fixture.ts";

let place: Place;
beforeEach(() => void (place = new Place()));
afterEach(() => place.remove());

/** Counts steps in its checkpoint, and goes on from there. */
const steps = (last: number, until = `[ $n -ge ${last} ]`): string =>
  `n=$(cat "$CHECKPOINT/step" 2>/dev/null || echo 0); echo "begins at $n"
   until ${until}; do n=$((n+1)); echo $n > new; mv new "$CHECKPOINT/step"; sleep 0.02; done
   echo $n > model.bin`;

function taskWith(train: string, checkpoint: NonNullable<NonNullable<Task["train"]>["checkpoint"]>): Task {
  const task = taskOf({ train });
  return { ...task, train: task.train && { ...task.train, checkpoint } };
}

/** Keeps checkpoints in memory: text by path, oldest first. */
function memory(restored?: Record<string, string>) {
  const kept: Record<string, string>[] = [];
  const resumed: Resumed = { run: 7, attempt: 1, counter: 3 };
  const checkpoints: Checkpoints = {
    restore(folder) {
      for (const [path, text] of Object.entries(restored ?? {})) writeFileSync(join(folder, path), text);
      return Promise.resolve(restored === undefined ? undefined : resumed);
    },
    keep({ folder, files }) {
      kept.push(Object.fromEntries(files.map(({ path }) => [path, readFileSync(join(folder, path), "utf8").trim()])));
      return Promise.resolve();
    },
  };
  return { checkpoints, kept };
}

describe("a training with checkpoints", () => {
  it("has its folder named by CHECKPOINT, and what is in it kept while it runs", async () => {
    const { checkpoints, kept } = memory();
    const lines: string[] = [];
    const enough = join(place.folder, "enough");
    const keep: Checkpoints["keep"] = async (snapshot) => {
      await checkpoints.keep(snapshot);
      if (kept.length === 2) writeFileSync(enough, "");
    };
    const task = taskWith(steps(0, `[ -e ${enough} ]`), { path: "out/ckpt", everyMs: 50 });
    const outcome = await place.start(task, {
      checkpoints: { ...checkpoints, keep },
      onLine: (line) => lines.push(line),
    });
    expect(outcome.failures).toEqual([]);
    expect(lines).toContain("begins at 0");
    expect(kept.length).toBeGreaterThanOrEqual(2);
    const seen = kept.map(({ step }) => Number(step));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(kept.every((files) => Object.keys(files).join() === "step")).toBe(true);
    expect(outcome.trained).not.toHaveProperty("resumedFrom");
    expect(readdirSync(join(place.folder, "work"))).toEqual([]);
  });

  it("goes on from what was restored, and its record says so", async () => {
    const lines: string[] = [];
    const outcome = await place.start(taskWith(steps(9), { path: "ckpt", everyMs: 60_000 }), {
      checkpoints: memory({ step: "8\n" }).checkpoints,
      onLine: (line) => lines.push(line),
    });
    expect(lines[0]).toBe("begins at 8");
    expect(outcome.trained?.resumedFrom).toEqual({ run: 7, attempt: 1, counter: 3 });
  });

  it("that is cancelled keeps what it had reached", async () => {
    const { checkpoints, kept } = memory();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const task = taskWith(steps(1_000), { path: "ckpt", everyMs: 60_000 });
    const { failures } = await place.start(task, { checkpoints, signal: stop.signal });
    expect(failures).toMatchObject([{ phase: "train", message: 'The "train" command was cancelled' }]);
    expect(kept).toEqual([{ step: expect.stringMatching(/^\d+$/) }]);
  });

  it("is not lost where one cannot be kept", async () => {
    const lines: string[] = [];
    const outcome = await place.start(taskWith(steps(12), { path: "ckpt", everyMs: 50 }), {
      checkpoints: { ...memory().checkpoints, keep: () => Promise.reject(new Error("no room")) },
      onLine: (line) => lines.push(line),
    });
    expect(outcome.failures).toEqual([]);
    expect(lines).toContain("A checkpoint could not be kept: no room");
  });

  it("finds its folder where nobody keeps any", async () => {
    const outcome = await place.start(taskWith(steps(2), { path: "out/ckpt", everyMs: 50 }));
    expect(outcome.failures).toEqual([]);
  });

  it.for<[what: string, setup: string, path: string, said: RegExp]>([
    ["whose folder leads elsewhere", "ln -s /tmp out", "out/ckpt", /a link on the way leads out of the folder/],
    ["whose folder is a file", "touch ckpt", "ckpt", /something that is no folder is there/],
  ])("%s does not begin", async ([, setup, path, said]) => {
    const task = { ...taskWith("echo 1 > model.bin", { path, everyMs: 50 }), setup };
    expect((await place.start(task, { checkpoints: memory().checkpoints })).failures).toMatchObject([
      { phase: "materialise", message: expect.stringMatching(said) },
    ]);
  });
});

describe("takeSnapshot()", () => {
  const limits = { bytes: 1_000, files: 3 };
  const take = async (before?: string) =>
    await takeSnapshot(join(place.folder, "from"), join(place.folder, "to"), { limits, before, pauseMs: 20 });
  const write = (files: Record<string, string>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(place.folder, "from", path)), { recursive: true });
      writeFileSync(join(place.folder, "from", path), text);
    }
  };

  it("copies the files of a folder, and not again while nothing changes", async () => {
    write({ "a/b": "1", c: "22" });
    const first = await take();
    expect(first).toMatchObject({ kind: "snapshot", snapshot: { files: [{ size: 2 }, { path: "a/b", size: 1 }] } });
    const looks = first.kind === "snapshot" ? first.snapshot.looks : "";
    expect(await take(looks)).toEqual({ kind: "same" });
    write({ c: "33" });
    expect(await take(looks)).toMatchObject({ kind: "snapshot" });
  });

  it("keeps no set in which a file changed while it was read", async () => {
    write({ c: "0" });
    let count = 0;
    const writing = setInterval(() => write({ c: String((count += 1)) }), 0);
    // the file is large enough to be written to while it is copied and hashed
    writeFileSync(join(place.folder, "from", "big"), Buffer.alloc(20_000_000));
    const taken = await takeSnapshot(join(place.folder, "from"), join(place.folder, "to"), {
      limits: { bytes: 1e9, files: 3 },
      before: undefined,
      pauseMs: 1,
    });
    clearInterval(writing);
    expect(count).toBeGreaterThan(2);
    expect(taken).toEqual({ kind: "none", because: "its files changed while they were read" });
  });

  it.for<[what: string, files: Record<string, string>, because: string]>([
    ["nothing", {}, "it holds no file"],
    ["too many files", { 1: "", 2: "", 3: "", 4: "" }, "it holds 4 files, at most 3 are kept"],
    ["too much", { 1: "x".repeat(1_001) }, "it has 1001 bytes, at most 1000 are kept"],
    ["names that not every system tells apart", { A: "", a: "", b: "" }, 'Cannot write "a": "A" and "a" are one name'],
  ])("keeps no folder of %s", async ([, files, because]) => {
    mkdirSync(join(place.folder, "from"));
    write(files);
    expect(await take()).toEqual({ kind: "none", because: expect.stringContaining(because) });
  });
});
