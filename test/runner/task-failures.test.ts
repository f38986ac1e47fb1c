import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Change, file, Place, taskOf } from "./task-fixture.ts";

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.remove());

describe("runTask()", () => {
  it.for<{ what: string; change: Change; phase: string; says: RegExp; trained?: boolean }>([
    {
      what: "a train that fails",
      change: { train: "echo boom; exit 4" },
      phase: "train",
      says: /^The "train" command exited 4: its log ends with the reason$/,
    },
    {
      what: "a train that hangs",
      change: { train: "sleep 60", timeoutMs: 300 },
      phase: "train",
      says: /"train" command did not end within 300 ms and was ended: .*raise "train.timeout"/,
    },
    {
      what: "a missing program",
      change: { train: "no-such-program" },
      phase: "train",
      says: /exited 127 \(a program that it calls was not found/,
    },
    {
      what: "an undeclared input",
      change: { train: "cat data/other.csv > model.bin" },
      phase: "train",
      says: /exited 1/,
    },
    {
      what: "no model",
      change: { train: "true" },
      phase: "train",
      says: /its model "model.bin" is missing: write the model there, or set "train.model"/,
    },
    {
      what: "an empty model",
      change: { train: "touch model.bin" },
      phase: "train",
      says: /its model "model.bin" is empty/,
    },
    {
      what: "a model that is a link",
      change: { train: "ln -s /etc/passwd model.bin" },
      phase: "train",
      says: /is a link or a device/,
    },
    {
      what: "a model behind a link",
      change: { modelPath: "out/passwd", train: "ln -s /etc out" },
      phase: "train",
      says: /lies behind a link that leads out/,
    },
    {
      what: "a link in a model's folder",
      change: { modelPath: "out", train: "mkdir out; ln -s /etc/passwd out/x" },
      phase: "train",
      says: /holds "x", which is a link/,
    },
    {
      what: "a model that was an input",
      change: { inputs: [file("model.bin", "old")], train: "true" },
      phase: "train",
      says: /left "model.bin" as it was/,
    },
    {
      what: "a model outside",
      change: { modelPath: "../model.bin" },
      phase: "materialise",
      says: /"train.model" is no path of a model/,
    },
    {
      what: "a file written outside",
      change: { train: "echo > model.bin; echo > ../stray" },
      phase: "train",
      says: /wrote "..\/stray", outside its folder/,
    },
    {
      what: "an input that escapes",
      change: { inputs: [{ ...file("l", "/etc"), mode: "120000" }] },
      phase: "materialise",
      says: /leaves the folder/,
    },
    { what: "a set-up that fails", change: { setup: "exit 2" }, phase: "setup", says: /"setup" command exited 2/ },
    {
      what: "a predict that fails",
      change: { predict: "exit 1" },
      phase: "predict",
      says: /"predict" command exited 1/,
      trained: true,
    },
    {
      what: "a predict that writes nothing",
      change: { predict: "true" },
      phase: "predict",
      says: /wrote no predictions: .* PREDICTIONS/,
      trained: true,
    },
    {
      what: "empty predictions",
      change: { predict: 'touch "$PREDICTIONS"' },
      phase: "predict",
      says: /predictions are empty/,
      trained: true,
    },
    {
      what: "predictions that are a link",
      change: { predict: 'ln -s /etc/passwd "$PREDICTIONS"' },
      phase: "predict",
      says: /a link or a device/,
      trained: true,
    },
  ])("says what to do about $what", async ({ change, phase, says, trained = false }) => {
    const outcome = await place.start(taskOf(change));
    expect(outcome.failures).toHaveLength(1);
    expect(outcome.failures[0]).toMatchObject({
      model: "churn",
      task: "churn-1",
      phase,
      message: expect.stringMatching(says),
    });
    expect(outcome.predictions).toEqual([]);
    expect(outcome.trained !== undefined).toBe(trained);
    expect(existsSync(join(place.folder, "out/model/model.bin"))).toBe(trained);
    expect(readdirSync(join(place.folder, "work"))).toEqual([]);
  });

  it("keeps the end of the log of what failed", async () => {
    const outcome = await place.start(taskOf({ train: "echo the reason >&2; exit 1" }));
    expect(outcome.failures[0]?.log).toBe("the reason\n");
  });

  it("takes no more predictions than fit, and keeps what was trained", async () => {
    const task = taskOf({ predict: 'head -c 2000 /dev/zero > "$PREDICTIONS"' });
    const limits = { model: { bytes: 1_000, files: 10 }, predictionsBytes: 1_000 };
    const { failures, trained, predictions } = await place.start(task, { limits });
    expect(failures.map(({ message }) => message)).toEqual([
      'The "predict" command wrote 2000 bytes of predictions, at most 1000 are taken: write the id and the score columns only',
    ]);
    expect(trained).toBeDefined();
    expect(predictions).toEqual([]);
  });
});
