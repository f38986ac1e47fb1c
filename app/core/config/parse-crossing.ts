import * as z from "zod";
import { crossingExpectation } from "#core/expect/crossing-expectation.ts";
import type { EvaluateConfig, Expectation, FileSet } from "./config.ts";
import { findGlobMistake } from "./glob.ts";

/**
 * Definitions that crossed between machines as JSON, checked again before they are used. They are what `parseConfig`
 * made, so anything else is a claim by somebody else and throws.
 */

const text = z.string().min(1).max(1_000);
const glob = z.string().refine((pattern) => findGlobMistake(pattern) === undefined, { error: "no pattern of paths" });
const fileSetSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("globs"), globs: z.array(glob).min(1).max(2_000) }),
  z.strictObject({ kind: z.literal("last"), count: z.int().min(1).max(10_000), of: glob }),
]);
const threshold = z.number().min(0).max(1);
const at = z.int().min(1).max(1_000);

const metricSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}(?:@[1-9]\d{0,3})?$/),
  better: z.enum(["higher", "lower"]),
  unit: text.nullish(),
  definition: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("auc") }),
    z.strictObject({ kind: z.literal("log-loss") }),
    z.strictObject({ kind: z.literal("accuracy"), threshold }),
    z.strictObject({ kind: z.literal("precision"), threshold }),
    z.strictObject({ kind: z.literal("recall"), threshold }),
    z.strictObject({ kind: z.literal("ndcg"), at }),
    z.strictObject({ kind: z.literal("hit-rate"), at }),
    z.strictObject({ kind: z.literal("recall-at"), at }),
    z.strictObject({ kind: z.literal("mean"), sql: text }),
    z.strictObject({ kind: z.literal("ratio"), over: text, under: text }),
  ]),
});

const evaluateSchema = z.strictObject({
  task: z.enum(["binary", "ranking"]),
  holdout: fileSetSchema,
  lookup: fileSetSchema.nullish(),
  ignore: fileSetSchema.nullish(),
  id: text.nullish(),
  label: text,
  score: text,
  metrics: z.array(metricSchema).max(100),
  slices: z.array(text).max(200),
  baseline: z.strictObject({ run: z.string().min(1).max(20_000), code: z.array(glob).min(1).max(2_000) }).nullish(),
});

/** The definitions of an evaluation. Throws a TypeError that names the first thing that is not as it must be. */
export function parseEvaluateConfig(json: unknown): EvaluateConfig {
  const { lookup, ignore, id, baseline, metrics, ...same } = read(
    "the definitions of an evaluation",
    evaluateSchema,
    json,
  );
  if (same.task === "ranking" && typeof id !== "string")
    throw new TypeError('Cannot read the definitions of an evaluation: a ranking needs "id"');
  return {
    ...same,
    id: id ?? undefined,
    lookup: optionalSet(lookup),
    ignore: optionalSet(ignore),
    metrics: metrics.map((metric) => ({ ...metric, unit: metric.unit ?? undefined })),
    baseline: baseline ?? undefined,
  };
}

/** The expectations on a model's data. Throws as `parseEvaluateConfig` does. */
export function parseExpectations(json: unknown): readonly Expectation[] {
  return read("expectations", z.array(crossingExpectation).max(1_000), json);
}

function optionalSet(set: FileSet | null | undefined): FileSet | undefined {
  return set ?? undefined;
}

function read<T>(what: string, schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TypeError(
    `Cannot read ${what}: ${issue === undefined ? "not as it must be" : `"${issue.path.join(".")}": ${issue.message}`}`,
  );
}
