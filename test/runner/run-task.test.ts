import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canonicalJson, digest } from "#core/canonical.ts";
import { type BlobSha, parseBlobSha } from "#core/names.ts";
import type { Task } from "#core/plan/plan-record.ts";
import { runTask } from "#runner/run-task.ts";
import type { TaskRequest } from "#runner/task-request.ts";

let place = "";
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "trainyard-task-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const blobs = new Map<BlobSha, Uint8Array>();
function file(path: string, text: string): Task["predict"]["inputs"][number] {
  const bytes = Buffer.from(text);
  const blob = parseBlobSha(createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex"));
  blobs.set(blob, bytes);
  return { path, mode: "100644", blob };
}
async function* readBlobs(wanted: readonly BlobSha[]) {
  for (const blob of wanted) yield { blob, bytes: blobs.get(blob) ?? new Uint8Array() };
}

const evaluation = digest("evaluation");
const code = file("src/code.txt", "code");
const params = file("params.json", '{"depth": 3, "tree": {"shape": "tall", "sizes": [1, 2]}}');
const data = file("data/train.csv", "x\n1\n");
const lookup = file("data/lookup.csv", "old");

type Change = {
  train?: string;
  predict?: string;
  setup?: string;
  modelPath?: string;
  timeoutMs?: number;
  role?: Task["role"];
  inputs?: Task["predict"]["inputs"];
};
function taskOf(change: Change = {}): Task {
  const inputs = change.inputs ?? [code, params, data];
  return {
    key: "churn-1",
    model: "churn",
    role: change.role ?? "candidate",
    recipe: digest("recipe"),
    train: {
      run: change.train ?? "cat data/train.csv > model.bin",
      timeoutMs: change.timeoutMs ?? 20_000,
      secrets: [],
      inputs,
    },
    modelPath: change.modelPath ?? "model.bin",
    bytes: null,
    subject: null,
    setup: change.setup ?? null,
    predict: {
      run: change.predict ?? 'cat "$ROWS" > "$PREDICTIONS"',
      timeoutMs: change.timeoutMs ?? 20_000,
      inputs: inputs.filter((input) => !input.path.startsWith("data/")),
    },
    sittings: [{ evaluation, lookup: [lookup] }],
    runsOn: "ubuntu-latest",
  };
}

function start(task: Task, change: Partial<TaskRequest> = {}) {
  writeFileSync(join(place, "rows.csv"), "id\n1\n");
  return runTask({
    task,
    readBlobs,
    rows: new Map([[evaluation, join(place, "rows.csv")]]),
    folder: join(place, "work"),
    out: join(place, "out"),
    env: { PATH: process.env["PATH"] ?? "" },
    secrets: {},
    fetchBytes: () => Promise.resolve(undefined),
    ...change,
  });
}
const out = (...parts: string[]) => readFileSync(join(place, "out", ...parts), "utf8");

describe("runTask()", () => {
  it("trains, hands the model over before it predicts, and keeps predictions with their digests", async () => {
    const order: string[] = [];
    const outcome = await start(
      taskOf({
        train: "echo train; cat data/train.csv > model.bin",
        predict: 'echo predict; cat "$ROWS" > "$PREDICTIONS"',
      }),
      {
        onLine: (line, phase) => order.push(`${phase}: ${line}`),
        onModel: ({ artifact, folder }) => {
          order.push(`model: ${readFileSync(join(folder, "model.bin"), "utf8").trim()}`);
          expect(artifact).toEqual({
            sha256: digest("x\n1\n"),
            size: 4,
            files: [{ path: "model.bin", sha256: digest("x\n1\n"), size: 4 }],
          });
          return Promise.resolve();
        },
      },
    );
    expect(order).toEqual(["train: train", "model: x\n1", "predict: predict"]);
    expect(outcome.failures).toEqual([]);
    expect(outcome.predictions).toEqual([
      {
        evaluation,
        file: join(place, "out/predictions", `${evaluation}.csv`),
        format: "csv",
        sha256: digest("id\n1\n"),
        size: 5,
      },
    ]);
    expect(outcome.trained?.parameters).toEqual({ depth: 3, "tree.shape": "tall", "tree.sizes": "[1,2]" });
    expect(readdirSync(join(place, "work"))).toEqual([]);
  });

  it("shows training the declared inputs only, and predict no training data, but the lookup, which wins", async () => {
    const list = "find . -type f -not -path './.git/*' | sort";
    const seen: string[] = [];
    const inputs = [code, params, data, file("src/shared.csv", "input")];
    const task = {
      ...taskOf({
        inputs,
        train: `${list}; echo > model.bin`,
        predict: `${list}; cat src/shared.csv; cat "$ROWS" > "$PREDICTIONS"`,
      }),
      sittings: [{ evaluation, lookup: [lookup, file("src/shared.csv", "lookup")] }],
    };
    await start(task, { onLine: (line, phase) => seen.push(`${phase} ${line}`) });
    expect(seen).toEqual([
      ...["./data/train.csv", "./params.json", "./src/code.txt", "./src/shared.csv"].map((path) => `train ${path}`),
      ...["./data/lookup.csv", "./model.bin", "./params.json", "./src/code.txt", "./src/shared.csv"].map(
        (path) => `predict ${path}`,
      ),
      "predict lookup",
    ]);
  });

  it("keeps a folder as a model and puts it in front of predict", async () => {
    const outcome = await start(
      taskOf({
        modelPath: "out/model",
        train: "mkdir -p out/model/b; echo 1 > out/model/b/w; echo 2 > out/model/a",
        predict: 'cat "$MODEL/b/w" "$MODEL/a" > "$PREDICTIONS"',
      }),
    );
    const files = [
      { path: "a", sha256: digest("2\n"), size: 2 },
      { path: "b/w", sha256: digest("1\n"), size: 2 },
    ];
    expect(outcome.artifact).toEqual({ sha256: digest(canonicalJson(files)), size: 4, files });
    expect(out("predictions", `${evaluation}.csv`)).toBe("1\n2\n");
    expect(out("model", "b", "w")).toBe("1\n");
  });

  it("runs the set-up in each folder, and gives secrets to it and to train only", async () => {
    const seen: string[] = [];
    const show = 'echo "${KEY_ONE:-none}"';
    await start(
      taskOf({
        setup: `touch ready; ${show}`,
        train: `${show}; mv ready model.bin; echo 1 > model.bin`,
        predict: `${show}; test -f ready; cp "$ROWS" "$PREDICTIONS"`,
      }),
      {
        secrets: { KEY_ONE: "hunter-two" },
        onLine: (line, phase) => seen.push(`${phase} ${line}`),
      },
    );
    expect(seen).toEqual(["setup ***", "train ***", "setup ***", "predict none"]);
  });

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
    const outcome = await start(taskOf(change));
    expect(outcome.failures).toHaveLength(1);
    expect(outcome.failures[0]).toMatchObject({
      model: "churn",
      task: "churn-1",
      phase,
      message: expect.stringMatching(says),
    });
    expect(outcome.predictions).toEqual([]);
    expect(outcome.trained !== undefined).toBe(trained);
    expect(existsSync(join(place, "out/model/model.bin"))).toBe(trained);
    expect(readdirSync(join(place, "work"))).toEqual([]);
  });

  it("keeps the end of the log of what failed", async () => {
    const outcome = await start(taskOf({ train: "echo the reason >&2; exit 1" }));
    expect(outcome.failures[0]?.log).toBe("the reason\n");
  });

  it("sits every evaluation, whatever becomes of the others", async () => {
    const other = digest("other");
    const task = {
      ...taskOf({ predict: 'grep -q other "$ROWS" && exit 1; cat "$ROWS" > "$PREDICTIONS"' }),
      sittings: [
        { evaluation: other, lookup: [] },
        { evaluation, lookup: [] },
      ],
    };
    writeFileSync(join(place, "other.csv"), "other\n");
    const outcome = await start(task, {
      rows: new Map([
        [other, join(place, "other.csv")],
        [evaluation, join(place, "rows.csv")],
      ]),
    });
    expect(outcome.failures).toMatchObject([{ phase: "predict" }]);
    expect(outcome.predictions).toMatchObject([{ evaluation }]);
  });

  it("asks for Parquet where the rows are Parquet", async () => {
    writeFileSync(join(place, "rows.parquet"), "PAR1");
    const outcome = await start(taskOf(), { rows: new Map([[evaluation, join(place, "rows.parquet")]]) });
    expect(outcome.predictions).toMatchObject([{ format: "parquet", file: expect.stringMatching(/\.parquet$/) }]);
  });

  describe("with bytes that are there", () => {
    const fetched = (subject: string): Task => ({
      ...taskOf({ predict: 'cat "$MODEL" > "$PREDICTIONS"' }),
      role: "production",
      train: null,
      bytes: { kind: "release-asset", tag: "churn@v1.0.0", name: "model" },
      subject,
    });
    const give =
      (files: Record<string, string>): TaskRequest["fetchBytes"] =>
      (_, folder) => {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
        return Promise.resolve(Object.keys(files));
      };

    it("predicts with them and trains nothing", async () => {
      const outcome = await start(fetched(digest("bytes")), {
        fetchBytes: give({ "asset-name": "bytes" }),
        onModel: () => Promise.reject(new Error("nothing was trained")),
      });
      expect(outcome.failures).toEqual([]);
      expect(outcome.trained).toBeUndefined();
      expect(out("predictions", `${evaluation}.csv`)).toBe("bytes");
    });

    it("knows a folder by the digest of its files", async () => {
      const files = [{ path: "a/b", sha256: digest("1"), size: 1 }];
      const task = {
        ...fetched(digest(canonicalJson(files))),
        predict: { ...taskOf().predict, run: 'cat "$MODEL/a/b" > "$PREDICTIONS"' },
      };
      const outcome = await start(task, { fetchBytes: give({ "a/b": "1" }) });
      expect(outcome).toMatchObject({ failures: [], artifact: { files } });
    });

    it.for([
      { what: "changed bytes", files: { model: "other" }, says: /they should hash to/ },
      {
        what: "bytes that are gone",
        files: {},
        says: /can no longer be had from the asset "model" of release "churn@v1.0.0": train it again/,
      },
    ])("refuses $what", async ({ files, says }) => {
      const outcome = await start(fetched(digest("bytes")), { fetchBytes: give(files) });
      expect(outcome).toMatchObject({
        predictions: [],
        failures: [{ phase: "materialise", message: expect.stringMatching(says) }],
      });
    });
  });

  it("answers for a baseline without a model", async () => {
    const task: Task = {
      ...taskOf({ predict: 'echo "model: ${MODEL:-none}" > "$PREDICTIONS"' }),
      role: "baseline",
      recipe: null,
      train: null,
      modelPath: "",
    };
    expect(await start(task)).toMatchObject({ trained: undefined, artifact: undefined, failures: [] });
    expect(out("predictions", `${evaluation}.csv`)).toBe("model: none\n");
  });
});
