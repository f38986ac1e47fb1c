import * as z from "zod";
import { column, columns, command, fileSet, globs, map, metricName, number, text, whole } from "./schema-parts.ts";

const better = z.enum(["higher", "lower"]);

const metric = map(
  'a map: {} for a built-in metric, else { mean: "…", better: lower } or { ratio: ["…", "…"], better: higher }',
  {
    threshold: number("a score between 0 and 1")
      .optional()
      .meta({ description: "accuracy, precision, recall: from which score on a row counts as positive. Default: 0.5" }),
    at: whole("a whole number from 1 to 1,000", 1_000)
      .optional()
      .meta({ description: "Rankings: how many items count. Default: 10" }),
    mean: text('SQL over one row, such as "abs(label - score)"')
      .optional()
      .meta({ description: "SQL over one row; the metric is its mean" }),
    ratio: z
      .tuple([text('SQL over rows, such as "sum(margin)"'), text('SQL over rows, such as "sum(price)"')], {
        error: 'two sums in SQL, such as ["sum(margin)", "sum(price)"]',
      })
      .optional()
      .meta({ description: "Two sums over rows in SQL; the metric is the first over the second" }),
    better: better.optional().meta({ description: "Which direction is better; needed with mean and ratio" }),
    unit: text('a unit, such as "€"').optional().meta({ description: "Shown behind the number" }),
  },
).nullable();

export const evaluateSchema = map("a map such as { holdout: …, task: …, label: …, score: … }", {
  task: z.enum(["binary", "ranking"]).meta({ description: "binary: the label is 0 or 1. ranking: items for a query" }),
  holdout: fileSet.meta({ description: "The rows that candidate and production are judged on; kept from training" }),
  windows: z
    .record(text("a name: letters, digits, - and _, at most 40", /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/), fileSet, {
      error: "a map from a name to files, such as { recent: recent/*.csv }",
    })
    .optional()
    .meta({
      description: "More labelled rows, by name: compared on and shown, no gate asks; kept from training",
    }),
  lookup: fileSet.optional().meta({ description: "Files that predicting may read; resolved without the holdout" }),
  ignore: fileSet
    .optional()
    .meta({ description: "Rankings: (id, label) pairs seen here are not asked for; resolved without the holdout" }),
  id: column
    .optional()
    .meta({ description: "Column that names a row (default: the row number); of a ranking the query" }),
  label: column.meta({ description: "Column with the truth; removed before predicting" }),
  score: column.meta({ description: "Column of the predictions with the score" }),
  metrics: z
    .record(metricName, metric, { error: "a map from metric to its options, such as { auc: {} }" })
    .optional()
    .meta({ description: "In the comment's order. Default: auc, log_loss; for rankings ndcg and hit_rate at 10" }),
  slices: columns.optional().meta({ description: "Columns whose values make the slices" }),
  baseline: map("a map such as { run: python popular.py, code: [popular.py] }", {
    run: command("python popular.py").meta({ description: "Predicts with no trained model" }),
    code: globs.meta({ description: "The files that the command needs" }),
  }).optional(),
  "metrics-file": text("a path").optional().meta({ description: "Not supported yet" }),
  seeds: whole("a whole number from 1 to 100", 100).optional().meta({ description: "Accepted, not used yet" }),
});

export const gateSchema = map("a map such as { metric: auc, at-least: 0.75 }", {
  metric: metricName.meta({ description: "A metric of this evaluation, or a built-in one of its task" }),
  "at-least": number("a number, such as 0.75").optional().meta({ description: "The whole interval must reach this" }),
  "at-most": number("a number, such as 0.25")
    .optional()
    .meta({ description: "The whole interval must stay below this" }),
  versus: z.enum(["production", "baseline"]).optional().meta({ description: "Compare, paired row by row" }),
  "may-worsen": number("a number from 0 up, such as 0.005")
    .min(0, { error: "a number from 0 up, such as 0.005" })
    .optional()
    .meta({ description: "With versus: how much worse the interval may show it, in the metric's own unit" }),
  better: z
    .literal(true, { error: "true; leave it out otherwise" })
    .optional()
    .meta({ description: "With versus: must be better beyond doubt" }),
  slices: z
    .union([z.literal("all"), columns], { error: '"all" or a list of columns' })
    .optional()
    .meta({ description: "Not supported yet" }),
});
