import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rated } from "./figure.ts";

const file = join(import.meta.dirname, "baseline.json");
const tolerance = 3;
/** What is over sooner than anybody notices may take three times as long on a busy machine. */
const noticedMs = 100;

type Baseline = Readonly<Record<string, number>>;

/** What is more than three times as slow as the committed baseline, each in a sentence. What is new there is no matter. */
export async function compareBaseline(part: string, figures: readonly Rated[]): Promise<readonly string[]> {
  const known = (await readBaselines())[part] ?? {};
  return figures.flatMap(({ name, ratio, milliseconds }) => {
    const before = known[name];
    if (before === undefined || ratio <= tolerance * before || milliseconds < noticedMs) return [];
    return [`"${name}" takes ${ratio.toFixed(1)} times the yardstick, it took ${before.toFixed(1)}: find out why`];
  });
}

/** Makes these the figures that later ones are compared with. */
export async function writeBaseline(part: string, figures: readonly Rated[]): Promise<void> {
  const ratios = Object.fromEntries(figures.map(({ name, ratio }) => [name, Number(ratio.toPrecision(3))]));
  await writeFile(file, `${JSON.stringify({ ...(await readBaselines()), [part]: ratios }, null, 2)}\n`);
}

async function readBaselines(): Promise<Readonly<Record<string, Baseline>>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file
  return JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, Baseline>>;
}
