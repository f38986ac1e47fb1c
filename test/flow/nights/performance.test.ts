import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseConfig } from "#core/config/parse.ts";
import type { Model } from "#core/config/config.ts";
import type { ChangedFile, Machine } from "#core/machine.ts";
import { parseBlobSha, parseModelName } from "#core/names.ts";
import { readOutcomes } from "#data/performance/read-outcomes.ts";
import { watchPerformance } from "#flow/watch/watch-performance.ts";

const model = readModel(`version: 1
models:
  churn:
    train: { run: sh train.sh, model: model.txt }
    predict: { run: sh predict.sh }
    evaluate: { holdout: holdout.csv, task: binary, id: customer, label: churned, score: p }
    monitor:
      current: { run: sh fetch.sh, output: now/rows-*.csv }
      predictions: now/answers-*.csv
      labels: now/truth-*.csv
`);

function readModel(text: string): Model {
  const parsed = parseConfig(new TextEncoder().encode(text));
  const found = parsed.kind === "config" ? parsed.config.models.get(parseModelName("churn")) : undefined;
  if (found === undefined) throw new Error(JSON.stringify(parsed));
  return found;
}

let folder = "";
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "performance-"))));
afterAll(async () => await rm(folder, { recursive: true }));

async function made(path: string, text: string): Promise<ChangedFile> {
  const file = join(folder, basename(path));
  await writeFile(file, text);
  return { path, mode: "100644", blob: parseBlobSha("0".repeat(40)), file, size: text.length };
}

/** Reads what the command made, where it lies. */
function machineOf(files: readonly ChangedFile[]): Machine {
  const find = (path: string) => ({ path: files.find((one) => one.path === path)?.file ?? "", shown: path });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is asked of it
  return {
    readOutcomes: async ({ predictions, labels, columns }) => ({
      ...(await readOutcomes(
        predictions.map((one) => find(one.path)),
        labels.map((one) => find(one.path)),
        columns,
      )),
      reference: undefined,
    }),
  } as Pick<Machine, "readOutcomes"> as Machine;
}

const standing = { recipe: "0".repeat(64), artifact: "0".repeat(64), evaluation: null };
const ask = async (files: readonly ChangedFile[], of: Model = model) =>
  await watchPerformance(
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an empty branch
    { evidence: { list: async () => await Promise.resolve([]) } } as never,
    { machine: machineOf(files), findPredictions: async () => await Promise.resolve(undefined) },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what stands matters to no one here
    {
      model: of,
      standing: standing as never,
      before: { commit: undefined, tree: new Map(), config: undefined as never },
      made: files,
    },
  );

it("measures what has a label, from the files that the config names", async () => {
  const rows = Array.from({ length: 400 }, (_, row) => row);
  const answers = rows.map((row) => `${row},${((row * 7) % 100) / 100}`).join("\n");
  const truth = rows.filter((row) => row < 300).map((row) => `${row},${(row * 7) % 100 > 50 ? 1 : 0}`);
  const record = await ask([
    await made("now/rows-1.csv", "customer,age\n1,2\n"),
    await made("now/answers-1.csv", `customer,p\n${answers}\n`),
    await made("now/truth-1.csv", `customer,churned\n${truth.join("\n")}\n`),
  ]);
  expect(record?.performance).toMatchObject({ predicted: 400, labelled: 300, waiting: 100, orphans: 0 });
  expect(record?.performance.metrics[0]).toMatchObject({ name: "auc", measured: { point: 1 }, atPromotion: null });
});

it("asks nothing where the config names no predictions, and says which files are missing", async () => {
  const monitor = model.monitor === undefined ? undefined : { ...model.monitor, predictions: undefined };
  expect(await ask([], { ...model, monitor })).toBeUndefined();
  await expect(ask([await made("now/rows-1.csv", "customer\n1\n")])).rejects.toThrow(
    'the command "monitor: current:" made no file that matches "now/answers-*.csv"',
  );
});
