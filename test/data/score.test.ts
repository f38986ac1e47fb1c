import { expect, it } from "vitest";
import type { EvaluateConfig, MetricDefinition } from "#core/config/config.ts";
import { comparisonSchema, type Comparison } from "#core/evidence.ts";
import type { DataFile } from "#data/data-file.ts";
import { scoreEvaluation, type ScoringJob } from "#data/score.ts";
import { writeRows } from "#data/strip-label.ts";
import { temporaryFolder } from "./files.ts";

const folder = temporaryFolder();
const metric = (
  name: string,
  definition: MetricDefinition["definition"],
  better: "higher" | "lower" = "higher",
): MetricDefinition => ({ name, better, unit: undefined, definition });
const common = {
  holdout: { kind: "globs", globs: [] },
  lookup: undefined,
  ignore: undefined,
  baseline: undefined,
} as const;
const binary: EvaluateConfig = {
  ...common,
  task: "binary",
  id: "customer",
  label: "churned",
  score: "p",
  metrics: [metric("auc", { kind: "auc" }), metric("accuracy", { kind: "accuracy", threshold: 0.5 })],
  slices: ["country"],
};
const ranking: EvaluateConfig = {
  ...common,
  task: "ranking",
  id: "household",
  label: "item",
  score: "score",
  metrics: [metric("ndcg", { kind: "ndcg", at: 10 })],
  slices: [],
};

const customers = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  label: i % 3 === 0 ? 1 : 0,
  price: 10 + i,
  country: i % 2 === 0 ? "DE" : "BR",
}));
const holdout = folder.write(
  "holdout.csv",
  `customer,country,price,churned\n${customers.map(({ id, country, price, label }) => `${id},${country},${price},${label}`).join("\n")}\n`,
);
const predict = (
  name: string,
  score: (label: number, id: number) => number | string,
  id = (n: number): string => String(n),
): DataFile =>
  folder.write(name, `p,customer\n${customers.map((row) => `${score(row.label, row.id)},${id(row.id)}`).join("\n")}\n`);
const candidate = predict("candidate.csv", (label, id) => (label + (id % 7) / 5) / 2.4);
const production = predict("production.csv", (label, id) => (label * 0.5 + (id % 7) / 5) / 2);

function score(
  change: Partial<ScoringJob>,
  files: { candidate?: DataFile; production?: DataFile | undefined } = {},
): Promise<Comparison> {
  const answers = { candidate, production, ...files };
  return scoreEvaluation({
    evaluation: "e".repeat(64),
    evaluate: binary,
    holdout: [holdout],
    ignore: [],
    dropped: [],
    predictions: {
      candidate: { subject: "a".repeat(64), file: answers.candidate },
      production: answers.production === undefined ? undefined : { subject: "b".repeat(64), file: answers.production },
      baseline: undefined,
    },
    ...change,
  }).then((comparison) => comparisonSchema.parse(comparison));
}

it("scoreEvaluation() joins predictions in any order with the labels", async () => {
  const found = await score({});
  expect(found).toMatchObject({ error: null, units: 60, unitName: "customer", holdout: ["data/holdout.csv"] });
  expect(found.metrics.map(({ name }) => name)).toEqual(["auc", "accuracy"]);
  expect(found.metrics[0]?.versusProduction?.point).toBeGreaterThan(0);
  expect(found.slices.map(({ slice }) => slice)).toEqual(["country=BR", "country=DE"]);
});

it("scoreEvaluation() understands whole numbers that came through a column of fractions", async () => {
  const floats = predict(
    "floats.csv",
    (label) => label,
    (id) => `${id}.0`,
  );
  expect(await score({}, { candidate: floats })).toMatchObject({ error: null, units: 60 });
});

it.for<[string, DataFile, string]>([
  [
    "a score that is NaN",
    predict("nan.csv", (_, id) => (id === 3 ? "nan" : 0.5)),
    'column "p" must hold a number in each of 60 lines, 1 are none ("nan")',
  ],
  ["an empty score", predict("empty.csv", (_, id) => (id === 3 ? "" : 0.5)), '1 are none ("(empty)")'],
  ["a row too few", folder.write("few.csv", "customer,p\n1,0.5\n"), "59 of 60 rows are missing"],
  [
    "no column of scores",
    folder.write("column.csv", "customer,q\n1,0.5\n"),
    'column "p" is missing, there are "customer", "q"',
  ],
  ["a misspelt column", folder.write("case.csv", "custumer,p\n1,0.5\n"), '; did you mean "custumer"?'],
  ["a row twice", folder.write("twice.csv", "customer,p\n1,0.5\n1,0.6\n"), '1 rows are answered more than once ("1")'],
  ["a name that is no table", folder.write("out.txt", "1"), "must end in .csv or .parquet"],
  ["no file", { path: `${folder.path}/none.csv`, shown: "none.csv" }, 'there is no file "none.csv"'],
  [
    "broken CSV",
    folder.write("broken.csv", 'customer,p\n1,0.5\n2,"0.5\n'),
    'Predictions of the candidate: Cannot read "data/broken.csv"',
  ],
])("scoreEvaluation() is an error for %s", async ([, file, because]) => {
  const found = await score({}, { candidate: file });
  expect(found.error).toContain("Predictions of the candidate");
  expect(found.error).toContain(because);
  expect(found).toMatchObject({ units: 0, metrics: [] });
});

it("scoreEvaluation() works without production, and without ids by the number of the row", async () => {
  const { id: _, ...rest } = binary;
  const evaluate: EvaluateConfig = { ...rest, id: undefined };
  const numbered = folder.write(
    "row.csv",
    `row,p\n${customers.map(({ label }, i) => `${i + 1},${label}`).join("\n")}\n`,
  );
  const found = await score({ evaluate }, { candidate: numbered, production: undefined });
  expect(found).toMatchObject({ error: null, production: null, unitName: "row" });
  expect(found.metrics[0]).toMatchObject({ candidate: { point: 1 }, versusProduction: null });
});

it("scoreEvaluation() leaves dropped files out for both sides, and says nothing of value when none is left", async () => {
  const other = folder.write("holdout-2.csv", "customer,country,price,churned\n100,DE,5,0\n101,DE,5,1\n");
  const more = folder.write(
    "more.csv",
    `customer,p\n${[...customers.map(({ id }) => id), 100, 101].map((id) => `${id},0.${id % 9}`).join("\n")}\n`,
  );
  const found = await score(
    { holdout: [holdout, other], dropped: ["data/holdout-2.csv"] },
    { candidate: more, production: more },
  );
  expect(found).toMatchObject({
    error: null,
    units: 60,
    holdout: ["data/holdout.csv"],
    dropped: ["data/holdout-2.csv"],
  });
  expect(await score({ dropped: ["data/holdout.csv"] })).toMatchObject({
    error: null,
    units: 0,
    metrics: [],
    dropped: ["data/holdout.csv"],
  });
});

it.for<[string, string, string]>([
  [
    "a label that is neither 0 nor 1",
    "customer,country,churned\n1,DE,2\n",
    `The holdout's label "churned" must be 0 or 1`,
  ],
  [
    "an id that names two rows",
    "customer,country,churned\n1,DE,1\n1,DE,0\n",
    `The holdout's id "customer" must name one row each: 1 name more ("1")`,
  ],
  [
    "an empty label",
    "customer,country,churned\n1,DE,1\n2,DE,\n",
    `The holdout's column "churned" is empty in 1 rows, first in "data/h.csv", row 2`,
  ],
  [
    "no label",
    "customer,country\n1,DE\n",
    'Column "churned" of "evaluate: label" is not in "data/h.csv": there are "customer", "country"',
  ],
])("scoreEvaluation() is an error for a holdout with %s", async ([, text, because]) => {
  expect((await score({ holdout: [folder.write("h.csv", text)] })).error).toContain(because);
});

const own = (...definitions: [string, MetricDefinition["definition"]][]): Partial<ScoringJob> => ({
  evaluate: { ...binary, metrics: definitions.map(([name, definition]) => metric(name, definition, "lower")) },
});

it("scoreEvaluation() computes the team's own metrics row by row, for both sides", async () => {
  const found = await score(
    own(
      ["lost", { kind: "mean", sql: "price * abs(label - score) / nullif(label + 1, 0) * (label + 1)" }],
      ["share", { kind: "ratio", over: "sum(price * (score >= 0.5)::int)", under: "sum(price)" }],
    ),
  );
  const scoreOf = ({ label, id }: (typeof customers)[number]): number => (label + (id % 7) / 5) / 2.4;
  const lost = customers.reduce((sum, row) => sum + row.price * Math.abs(row.label - scoreOf(row)), 0) / 60;
  const prices = customers.reduce((sum, { price }) => sum + price, 0);
  const said = customers.reduce((sum, row) => sum + (scoreOf(row) >= 0.5 ? row.price : 0), 0);
  expect(found.error).toBeNull();
  expect(found.metrics[0]?.candidate.point).toBeCloseTo(lost, 10);
  expect(found.metrics[1]?.candidate.point).toBeCloseTo(said / prices, 10);
  expect(found.metrics[0]?.versusProduction?.low).not.toBeNull();
});

it.for<[string, string]>([
  ["1) FROM rows; DROP TABLE rows; SELECT (1", "it is not one expression"],
  ["1) AS value FROM rows WHERE (true", "it is not one expression"],
  ["(SELECT max(label) FROM rows)", "subquery is not allowed"],
  ["avg(score) OVER ()", "window is not allowed"],
  ["sum(price)", "sum() looks at many rows"],
  ["unnest([price, price])", "unnest() is not allowed"],
  ["year(current_date)", "does not always answer the same"],
  ["random()", "random() does not always answer the same"],
  ["current_setting('memory_limit')", "does not always answer the same"],
  ["price *", "it is not one expression"],
  ["nothing_like_it + 1", 'Referenced column "nothing_like_it" not found'],
  ["'many'", "Could not convert string 'many' to DOUBLE"],
  ["NULL", "has no number in 60 of 60 rows"],
])("scoreEvaluation() refuses the metric %s", async ([sql, because]) => {
  expect((await score(own(["m", { kind: "mean", sql }]))).error).toContain(because);
});

it("scoreEvaluation() of a ranking asks only for what the household has not had", async () => {
  const weeks = [
    folder.write("w9.csv", "household,item\n1,10\n1,11\n2,10\n"),
    folder.write("w10.csv", "household,item\n1,11\n3,12\n"),
  ];
  const before = folder.write("w8.csv", "household,item\n1,10\n2,10\n");
  const lines = (order: readonly number[]): string =>
    `household,item,score\n${[1, 2, 3].flatMap((h) => order.map((item, rank) => `${h},${item},${-rank}`)).join("\n")}\n`;
  const files = {
    candidate: folder.write("rc.csv", lines([10, 11, 12])),
    production: folder.write("rp.csv", lines([12, 11, 10])),
  };
  const found = await score({ evaluate: ranking, holdout: weeks, ignore: [before] }, files);
  // household 2 has nothing left to ask for; 1 wants item 11, 3 wants item 12
  expect(found).toMatchObject({ error: null, units: 2, unitName: "household" });
  expect(found.metrics[0]?.candidate.point).toBeCloseTo((1 + 1 / Math.log2(4)) / 2, 12);
  expect(found.metrics[0]?.production?.point).toBeCloseTo((1 / Math.log2(3) + 1) / 2, 12);
  const some = await score(
    { evaluate: ranking, holdout: weeks, ignore: [before] },
    { ...files, candidate: folder.write("two.csv", "household,item,score\n1,10,1\n3,10,1\n") },
  );
  expect(some.error).toContain('1 of 3 queries are missing ("2")');
});

it("writeRows() takes the label off and leaves every other value as it was written", async () => {
  const { readFileSync } = await import("node:fs");
  const text = 'id,zip,p,y\n1,007,1.50,1\n2,"a,""b",,0\n';
  const file = folder.write("raw.csv", text);
  const evaluate: EvaluateConfig = { ...binary, id: undefined, label: "y" };
  const numbered = await writeRows({ evaluate, holdoutFiles: [file, file], out: folder.path });
  expect(numbered.rows).toBe(4);
  expect(readFileSync(numbered.path, "utf8")).toBe(
    'row,id,zip,p\n1,1,007,1.50\n2,2,"a,""b",\n3,1,007,1.50\n4,2,"a,""b",\n',
  );
  const named = await writeRows({ evaluate: { ...evaluate, id: "id" }, holdoutFiles: [file], out: folder.path });
  expect(readFileSync(named.path, "utf8")).toBe('id,zip,p\n1,007,1.50\n2,"a,""b",\n');
});

it("writeRows() keeps ndjson values as JSON, and asks a ranking's queries once", async () => {
  const { readFileSync } = await import("node:fs");
  const lines = folder.write(
    "raw.ndjson",
    '{"id":1,"t":"2026-01-01T00:00:00Z","y":1}\n{"id":2,"t":null,"y":0,"tags":["a"]}\n',
  );
  const json = await writeRows({
    evaluate: { ...binary, id: "id", label: "y" },
    holdoutFiles: [lines],
    out: folder.path,
  });
  expect(readFileSync(json.path, "utf8")).toBe(
    '{"id":1,"t":"2026-01-01T00:00:00Z","tags":null}\n{"id":2,"t":null,"tags":["a"]}\n',
  );
  const weeks = [
    folder.write("q1.csv", "household,item\n10,1\n9,2\n10,3\n"),
    folder.write("q2.csv", "household,item\n11,1\n9,2\n"),
  ];
  const queries = await writeRows({ evaluate: ranking, holdoutFiles: weeks, out: folder.path });
  expect(readFileSync(queries.path, "utf8")).toBe("household\n9\n10\n11\n");
  expect(queries.rows).toBe(3);
});
