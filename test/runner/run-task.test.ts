import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canonicalJson, digest } from "#core/canonical.ts";
import type { Task } from "#core/plan/plan-record.ts";
import type { TaskRequest } from "#runner/task-request.ts";
import { code, data, evaluation, file, lookup, params, Place, taskOf } from "./task-fixture.ts";

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.remove());
const out = (...parts: string[]) => readFileSync(join(place.folder, "out", ...parts), "utf8");

describe("runTask()", () => {
  it("trains, hands the model over before it predicts, and keeps predictions with their digests", async () => {
    const order: string[] = [];
    const outcome = await place.start(
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
        file: join(place.folder, "out/predictions", `${evaluation}.csv`),
        format: "csv",
        sha256: digest("id\n1\n"),
        size: 5,
      },
    ]);
    expect(outcome.trained?.parameters).toEqual({ depth: 3, "tree.shape": "tall", "tree.sizes": "[1,2]" });
    expect(readdirSync(join(place.folder, "work"))).toEqual([]);
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
    await place.start(task, { onLine: (line, phase) => seen.push(`${phase} ${line}`) });
    expect(seen).toEqual([
      ...["./data/train.csv", "./params.json", "./src/code.txt", "./src/shared.csv"].map((path) => `train ${path}`),
      ...["./data/lookup.csv", "./model.bin", "./params.json", "./src/code.txt", "./src/shared.csv"].map(
        (path) => `predict ${path}`,
      ),
      "predict lookup",
    ]);
  });

  it("keeps a folder as a model and puts it in front of predict", async () => {
    const outcome = await place.start(
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
    await place.start(
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

  it("sits every evaluation, whatever becomes of the others", async () => {
    const other = digest("other");
    const task = {
      ...taskOf({ predict: 'grep -q other "$ROWS" && exit 1; cat "$ROWS" > "$PREDICTIONS"' }),
      sittings: [
        { evaluation: other, lookup: [] },
        { evaluation, lookup: [] },
      ],
    };
    writeFileSync(join(place.folder, "other.csv"), "other\n");
    const outcome = await place.start(task, {
      rows: new Map([
        [other, join(place.folder, "other.csv")],
        [evaluation, join(place.folder, "rows.csv")],
      ]),
    });
    expect(outcome.failures).toMatchObject([{ phase: "predict" }]);
    expect(outcome.predictions).toMatchObject([{ evaluation }]);
  });

  it("asks for Parquet where the rows are Parquet", async () => {
    writeFileSync(join(place.folder, "rows.parquet"), "PAR1");
    const outcome = await place.start(taskOf(), { rows: new Map([[evaluation, join(place.folder, "rows.parquet")]]) });
    expect(outcome.predictions).toMatchObject([{ format: "parquet", file: expect.stringMatching(/\.parquet$/) }]);
  });

  describe("with bytes that are there", () => {
    const fetched = (artifact: string): Task => ({
      ...taskOf({ predict: 'cat "$MODEL" > "$PREDICTIONS"' }),
      role: "production",
      train: null,
      bytes: { kind: "release-asset", tag: "churn@v1.0.0", name: "model" },
      artifact,
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
      const outcome = await place.start(fetched(digest("bytes")), {
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
      const outcome = await place.start(task, { fetchBytes: give({ "a/b": "1" }) });
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
      const outcome = await place.start(fetched(digest("bytes")), { fetchBytes: give(files) });
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
    expect(await place.start(task)).toMatchObject({ trained: undefined, artifact: undefined, failures: [] });
    expect(out("predictions", `${evaluation}.csv`)).toBe("model: none\n");
  });
});
