import * as z from "zod";
import { expectationSchema } from "#core/expect/written-expectation.ts";
import { evaluateSchema, gateSchema } from "./evaluate-schema.ts";
import {
  column,
  columns,
  command,
  days,
  duration,
  fileSet,
  glob,
  globs,
  list,
  map,
  modelName,
  number,
  scalar,
  text,
  whole,
} from "./schema-parts.ts";

/**
 * The shape of `.github/trainyard.yml`: what people write. Whatever cannot be said by shape alone is in rules.ts, so
 * there is no `refine` here and the published JSON Schema is the whole of it. */

const runsOn = z
  .union(
    [
      text("a runner's label"),
      list(text("a runner's label"), "a list of labels"),
      map("a map such as { group: …, labels: […] }", {
        group: text("the name of a runner group"),
        labels: list(text("a runner's label"), "a list of labels").optional(),
      }),
    ],
    { error: "a runner's label, a list of labels, or { group: …, labels: […] }" },
  )
  .meta({
    description: "Where the job runs, as in a workflow. Default: ubuntu-latest for train, that of train for predict",
  });

const setup = map("a map such as { run: pip install -r requirements.txt }", {
  run: command("pip install -r requirements.txt").meta({
    description: "Runs before train and predict; part of the recipe",
  }),
  cache: list(text("a path"), "a list of paths, such as [~/.cache/uv]")
    .optional()
    .meta({ description: "Folders kept from one set-up to the next, such as ~/.cache/uv" }),
  container: text('an image by digest, such as "ghcr.io/acme/train@sha256:…"')
    .optional()
    .meta({ description: "Image by digest, in which the commands run; part of the recipe" }),
});

const train = map("a map such as { run: python train.py, model: model.onnx }", {
  run: command("python train.py").meta({ description: "Trains the model; sees nothing but the declared inputs" }),
  model: text('the path of what training writes, such as "model.onnx"').meta({
    description: "File or folder that training writes",
  }),
  when: z
    .enum(["push", "ready", "label", "command"])
    .optional()
    .meta({ description: "What starts a training. Default: push" }),
  "runs-on": runsOn.optional(),
  timeout: duration.optional().meta({ description: "Default: 6h" }),
  secrets: list(
    text("the name of a secret: letters, digits and _, first no digit", /^[A-Za-z_][A-Za-z0-9_]{0,99}$/),
    "a list of secrets' names, such as [HF_TOKEN]",
  )
    .optional()
    .meta({ description: "Secrets in the environment of training, by the base branch's config; never for forks" }),
  checkpoint: map("a map such as { path: out/ckpt, every: 15m }", { path: text("a path"), every: duration.optional() })
    .optional()
    .meta({
      description: "A folder that is uploaded while training; a lost runner goes on from it. Default: every 15m",
    }),
  plots: globs.optional().meta({ description: "Files shown with the run (accepted, not used yet)" }),
});

const predict = map("a map such as { run: python predict.py }", {
  run: command("python predict.py").meta({
    description: "Answers the rows in ROWS with the model in MODEL, writes PREDICTIONS",
  }),
  "runs-on": runsOn.optional(),
  timeout: duration.optional().meta({ description: "Default: 1h" }),
});

const promote = map("a map such as { stages: [production] }", {
  stages: list(modelName, "a list of stages, such as [staging, production]")
    .optional()
    .meta({ description: "In order; the last is production. Default: [production]" }),
  environment: text("the name of a GitHub environment")
    .optional()
    .meta({ description: "The promoting job waits for its protection rules" }),
  combinations: z
    .enum(["wait", "gate"])
    .optional()
    .meta({ description: "What happens where two reviewed pull requests met. Default: wait" }),
  pin: text('a version, such as "v1.3.0"', /^v(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/)
    .optional()
    .meta({ description: "This version is desired, whatever the inputs say" }),
  bump: z.enum(["major", "minor", "patch"]).optional().meta({ description: "The next version's step. Default: minor" }),
});

const drift = map("a map such as { columns: { income: { threshold: 0.2, critical: true } } }", {
  p: number("a number from 0 to 1, such as 0.01").optional().meta({
    description: "An effect counts with an adjusted p up to this. Default: 0.01",
  }),
  preset: z.enum(["evidently"]).optional().meta({ description: "Another tool's default rules in place of ours" }),
  target: column.optional().meta({
    description: "A column that is held to stricter thresholds. Default: the label of a binary task",
  }),
  prediction: column.optional().meta({ description: "The model's answer, where the data has it: stricter too" }),
  names: columns.optional().meta({ description: "Columns that name things although they look like numbers" }),
  columns: z
    .record(
      column,
      map("a map such as { threshold: 0.2, critical: true }", {
        threshold: number("a number above 0, such as 0.2")
          .optional()
          .meta({ description: "Distance or V from which this column drifts. Default: 0.1" }),
        missing: number("a share above 0, such as 0.05").optional().meta({
          description: "Change in the share of rows without a value from which it drifts. Default: 0.02",
        }),
        "new-values": number("a share above 0, such as 0.03").optional().meta({
          description: "Share of rows with new or gone values, beyond chance, from which it drifts. Default: 0.01",
        }),
        critical: z
          .boolean({ error: "true or false" })
          .optional()
          .meta({ description: "Its drift alone is the table's. Default: false" }),
      }),
      { error: "a map from a column's name to its settings" },
    )
    .optional(),
});

const monitor = map("a map such as { schedule: daily, current: { run: …, output: … } }", {
  schedule: z.enum(["hourly", "daily", "weekly"]).optional().meta({ description: "Default: daily" }),
  current: map("a map such as { run: python fetch.py, output: current/*.parquet }", {
    run: command("python fetch.py").meta({ description: "Fetches current data into the folder it runs in" }),
    output: glob.meta({ description: "Which of the new files are the current data" }),
  }),
  predictions: glob.optional().meta({
    description: "Which of the new files say what production answered: the id and the score column",
  }),
  labels: glob.optional().meta({
    description: "Which of the new files say what came true: id and label, which may come late",
  }),
  reference: fileSet
    .optional()
    .meta({ description: "What current data is compared with. Default: all data inputs of the production version" }),
  columns: columns.optional().meta({ description: "Columns to watch. Default: all but the id" }),
  drift: drift.optional().meta({ description: "How far is too far. Default: the rules of docs/drift.md" }),
  retrain: map("a map such as { run: python collect.py }", {
    run: command("python collect.py").meta({
      description: "Refreshes the data inputs for the retraining pull request",
    }),
    reviewers: list(
      text("a login or a team", /^[A-Za-z0-9][A-Za-z0-9/_-]{0,98}$/),
      "a list of logins or teams, such as [ml-team]",
    ).optional(),
    "not-now": days.optional().meta({
      description: "How long closing the retraining pull request means: not now. Default: 4w",
    }),
  }).optional(),
  alarm: map("a map such as { after: 2, of: 5 }", {
    after: whole("a whole number of watches from 1 to 30", 30).optional().meta({
      description: "So many violated watches raise the alarm, so many quiet ones in a row end it. Default: 2",
    }),
    of: whole("a whole number of watches from 1 to 30", 30)
      .optional()
      .meta({ description: "Out of so many that could be judged. Default: 5" }),
  }).optional(),
});

const searched = z.union(
  [
    list(scalar, "a list of values"),
    map("a map such as { from: 0.01, to: 0.3 }", {
      from: number("a number"),
      to: number("a number"),
      scale: z.enum(["linear", "log"]).optional(),
    }),
  ],
  { error: "a list of values or { from: 0.01, to: 0.3, scale: log }" },
);
const tune = map("a map such as { params: …, trials: 24 }", {
  params: z.record(text("a parameter's name"), searched, { error: "a map from parameter to its values" }),
  trials: whole("a whole number from 1 to 10,000", 10_000).optional(),
  parallel: whole("a whole number from 1 to 256", 256).optional(),
});

const store = map("a map such as { store: s3://bucket/folder }", {
  store: text('"releases", a bucket such as "s3://bucket/folder", or a folder')
    .optional()
    .meta({ description: "Where the bytes of pointers lie. Default: the default remote of .dvc/config" }),
  values: z.enum(["shown", "hidden"], { error: '"shown" or "hidden"' }).optional().meta({
    description:
      "Whether comments and annotations quote cells of the data. Default: those of data that lies in the repository itself",
  }),
  endpoint: text('the address of an S3 of your own, such as "https://s3.example.com"').optional(),
  region: text("the bucket's region").optional(),
  "path-style": z
    .boolean({ error: "true or false" })
    .optional()
    .meta({ description: "The bucket is part of the path. Default: true where an endpoint is named" }),
});

const mount = map("a map such as { mount: /mnt/images, manifest: data/images.jsonl }", {
  mount: text("the folder where the data is mounted"),
  manifest: text("the path of its manifest in the repository").meta({
    description: "Path, size and SHA-256 or ETag of every file: what trainyard data manifest writes",
  }),
});
const data = z.union(
  [
    glob,
    list(z.union([glob, mount], { error: "a pattern of paths, or { mount: …, manifest: … }" }), "a list of patterns"),
  ],
  {
    error: "a pattern of paths or a list of them, such as [data/*.csv]",
  },
);

const model = map("a map with train, predict and evaluate", {
  was: modelName.optional().meta({ description: "The name it had: keeps history and stages under the new one" }),
  inputs: map("a map such as { data: […], code: […], params: […] }", {
    data: data.optional(),
    key: z
      .union([column, columns], { error: "a column or a list of columns, such as [customer]" })
      .optional()
      .meta({ description: "The columns that together name a row of the data: its versions are compared by them" }),
    code: globs.optional(),
    params: globs.optional(),
  })
    .optional()
    .meta({
      description: "All that training sees. Default: every tracked file but documentation, .github/ and the holdout",
    }),
  setup: setup.optional(),
  fetch: map("a map such as { run: dvc pull }", {
    run: command("dvc pull").meta({
      description: "Brings what pointers stand for, from a store that Trainyard does not speak; verified by digest",
    }),
  }).optional(),
  train,
  predict,
  evaluate: evaluateSchema,
  gates: list(gateSchema, "a list of gates, such as [{ metric: auc, at-least: 0.75 }]").optional(),
  expect: list(expectationSchema, "a list of expectations").optional(),
  promote: promote.optional(),
  monitor: monitor.optional(),
  tune: tune.optional().meta({ description: "Search over parameters (accepted, not used yet)" }),
});

export const configSchema = map("a map with version and models", {
  version: z.literal(1, { error: "1" }).meta({ description: "Version of this format" }),
  writer: z
    .enum(["actions", "app"])
    .optional()
    .meta({ description: "Who writes checks and comments. Default: actions" }),
  data: store.optional().meta({ description: "The store of the data that pointers (.dvc) stand for" }),
  models: z
    .record(modelName, model, { error: "a map from a model's name to its settings" })
    .meta({ description: "The models of this repository, by name" }),
}).meta({ title: "Trainyard", description: "Configuration of Trainyard: .github/trainyard.yml" });

/** What people write, with every default left open. What the code uses is `Config`. */
export type WrittenConfig = z.infer<typeof configSchema>;
export type WrittenModel = WrittenConfig["models"][string];
export type WrittenEvaluate = WrittenModel["evaluate"];
export type WrittenMetric = NonNullable<WrittenEvaluate["metrics"]>[string];
export type WrittenExpectation = NonNullable<WrittenModel["expect"]>[number];
export type WrittenFileSet = WrittenEvaluate["holdout"];

/** A config of which any part may be missing or was too broken to use; a broken part is there, but undefined. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T;
