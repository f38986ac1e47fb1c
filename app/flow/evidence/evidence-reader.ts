import type * as z from "zod";
import {
  acceptanceSchema,
  comparisonSchema,
  dataReportSchema,
  moveSchema,
  predictionsRecordSchema,
  reviewSchema,
  runRecordSchema,
  type Acceptance,
  type Comparison,
  type DataReport,
  type Move,
  type PredictionsRecord,
  type Review,
  type RunRecord,
} from "#core/evidence.ts";
import { driftReportSchema, type DriftReport } from "#core/drift/drift-record.ts";
import type { EvidenceStore } from "#core/ports.ts";
import {
  mostNights,
  nightBookSchema,
  shortenReport,
  snoozeSchema,
  type Night,
  type Snooze,
} from "#core/watch/night.ts";

/** What a fork says lies beside what others say, and takes no one's place. */
function ofFork(pull: number | undefined): string {
  return pull === undefined ? "" : `-fork${pull}`;
}

/** Moves of two stages may have taken one number at the same moment. */
type Numbered = { counter: number; stage: string };

/** Where each record lies on the branch `trainyard`. */
export const evidencePath = {
  run: (record: RunRecord) => `runs/${record.recipe}/${record.key}.json`,
  predictions: (record: { evaluation: string; subject: string; fork?: number | undefined }) =>
    `predictions/${record.evaluation}/${record.subject}${ofFork(record.fork)}.json`,
  comparison: (record: Comparison) =>
    `comparisons/${record.evaluation}/${[record.candidate, record.production, ...(record.baseline === null ? [] : [record.baseline])].map((side) => side?.slice(0, 16) ?? "none").join("-")}${ofFork(record.fork)}.json`,
  data: (model: string, recipe: string, expectations: string, fork?: number) =>
    `data/${model}/${recipe}-${expectations.slice(0, 16)}${ofFork(fork)}.json`,
  review: (record: { model: string; recipe: string; pull: number; head: string }) =>
    `reviews/${record.model}/${record.recipe}/${record.pull}-${record.head.slice(0, 12)}.json`,
  acceptance: (record: { model: string; evidence: string }) => `acceptances/${record.model}/${record.evidence}.json`,
  move: (model: string, { counter, stage }: Numbered) => `moves/${model}/${counter}.${stage}.json`,
  removal: (model: string, { counter, stage }: Numbered) => `moves/${model}/${counter}.${stage}.removed.json`,
  drift: (record: { model: string; at: string }) => `drift/${record.model}/${record.at.replaceAll(":", "-")}.json`,
  nights: (model: string) => `nights/${model}.json`,
  snooze: (model: string) => `snoozes/${model}.json`,
};

/**
 * The branch `trainyard`, read once by name and then record by record. A record that does not fit its schema (edited by
 * hand, written by a newer version) is as if it were not there.
 */
export class EvidenceReader {
  readonly #store: EvidenceStore;
  readonly #paths: Promise<readonly string[]>;
  readonly #texts = new Map<string, Promise<string | undefined>>();

  constructor(store: EvidenceStore) {
    this.#store = store;
    this.#paths = store.list();
    // Whoever asks gets the error; nobody may have asked yet when it comes.
    this.#paths.catch(() => undefined);
  }

  /** Is there a record at this path? No request beyond the listing. */
  async has(path: string): Promise<boolean> {
    return (await this.#paths).includes(path);
  }

  async runs(recipe: string): Promise<RunRecord[]> {
    return await this.#all(`runs/${recipe}/`, runRecordSchema);
  }

  async allRuns(): Promise<RunRecord[]> {
    return await this.#all("runs/", runRecordSchema);
  }

  async run(path: string): Promise<RunRecord | undefined> {
    return await this.#one(path, runRecordSchema);
  }

  /** `pull`: who asks, as what a fork says is known to its own pull request alone; here and below. */
  async predictions(evaluation: string, subject: string, pull?: number): Promise<PredictionsRecord | undefined> {
    const find = async (fork?: number): Promise<PredictionsRecord | undefined> =>
      await this.#one(evidencePath.predictions({ evaluation, subject, fork }), predictionsRecordSchema);
    return (await find()) ?? (pull === undefined ? undefined : await find(pull));
  }

  /** What a fork says comes last. */
  async comparisons(evaluation: string, candidate: string, pull?: number): Promise<Comparison[]> {
    const all = await this.#all(`comparisons/${evaluation}/${candidate.slice(0, 16)}-`, comparisonSchema);
    const mine = all.filter(({ fork }) => fork === undefined || fork === pull);
    return mine.toSorted((a, b) => Number(a.fork !== undefined) - Number(b.fork !== undefined));
  }

  async comparisonsOf(subject: string): Promise<Comparison[]> {
    const all = await this.#all("comparisons/", comparisonSchema, (path) => path.includes(`/${subject.slice(0, 16)}-`));
    return all.filter(({ candidate, fork }) => candidate === subject && fork === undefined);
  }

  async data(model: string, recipe: string, expectations: string, pull?: number): Promise<DataReport | undefined> {
    const find = async (fork?: number): Promise<DataReport | undefined> =>
      await this.#one(evidencePath.data(model, recipe, expectations, fork), dataReportSchema);
    return (await find()) ?? (pull === undefined ? undefined : await find(pull));
  }

  async reviews(model: string, recipe: string): Promise<Review[]> {
    return await this.#all(`reviews/${model}/${recipe}/`, reviewSchema);
  }

  /** Somebody's word about exactly this; no request where nobody ever said one. */
  async acceptance(model: string, evidence: string): Promise<Acceptance | undefined> {
    const found = await this.#one(evidencePath.acceptance({ model, evidence }), acceptanceSchema);
    return found?.model === model && found.evidence === evidence ? found : undefined;
  }

  /** Models that were moved and not taken away from their stages since, as far as the moves are said. */
  async moved(): Promise<readonly string[]> {
    return [...(await this.#newestMoves())].filter(([, { removed }]) => !removed).map(([model]) => model);
  }

  /** How models were last taken from a stage that stand at none since, as far as it is said. */
  async cleared(): Promise<readonly Move[]> {
    const gone = [...(await this.#newestMoves()).values()].filter(({ removed }) => removed);
    const read = await Promise.all(gone.map(async ({ path }) => await this.#one(path, moveSchema)));
    return read.filter((move) => move !== undefined);
  }

  async #newestMoves(): Promise<ReadonlyMap<string, { path: string; counter: number; removed: boolean }>> {
    const newest = new Map<string, { path: string; counter: number; removed: boolean }>();
    for (const path of await this.#paths) {
      const [, model, number, removed] = /^moves\/([^/]+)\/(\d{1,9})\.[^./]+(\.removed)?\.json$/.exec(path) ?? [];
      if (model === undefined) continue;
      const known = newest.get(model);
      const counter = Number(number);
      // where one is taken away and another one is put at the same moment, something stands
      const isOlder = known !== undefined && (counter < known.counter || (counter === known.counter && !known.removed));
      if (!isOlder) newest.set(model, { path, counter, removed: removed !== undefined });
    }
    return newest;
  }

  async reviewsOfModel(model: string): Promise<Review[]> {
    return await this.#all(`reviews/${model}/`, reviewSchema);
  }

  /** Verdicts on one head of a pull request, of all models. */
  async reviewsOfHead(pull: number, head: string): Promise<Review[]> {
    return await this.#all("reviews/", reviewSchema, (path) => path.endsWith(`/${pull}-${head.slice(0, 12)}.json`));
  }

  /** Drift reports of a model, oldest first, the newest `most` of them. */
  async drift(model: string, most: number): Promise<DriftReport[]> {
    const paths = (await this.#paths)
      .filter((path) => path.startsWith(`drift/${model}/`))
      .toSorted()
      .slice(-most);
    const reports = await Promise.all(paths.map(async (path) => await this.#one(path, driftReportSchema)));
    return reports.filter((report) => report !== undefined);
  }

  /** One watch of a model. */
  async driftAt(model: string, at: string): Promise<DriftReport | undefined> {
    return await this.#one(evidencePath.drift({ model, at }), driftReportSchema);
  }

  /** When a model was last watched, whatever came of it, without reading a record. */
  async lastWatch(model: string): Promise<string | undefined> {
    const paths = (await this.#paths).filter((path) => path.startsWith(`drift/${model}/`)).toSorted();
    const [, day, time] = /\/(\d{4}-\d\d-\d\d)T([\d.-]+Z)\.json$/.exec(paths.at(-1) ?? "") ?? [];
    return day === undefined || time === undefined ? undefined : `${day}T${time.replaceAll("-", ":")}`;
  }

  /** Every model that was ever watched, by the names it had then. */
  async everWatched(): Promise<ReadonlySet<string>> {
    return new Set((await this.#paths).flatMap((path) => /^drift\/([^/]+)\//.exec(path)?.[1] ?? []));
  }

  /** Since when the first watch of a model is owed, as somebody noted who found none. */
  async owedSince(model: string): Promise<string | undefined> {
    return (await this.#one(evidencePath.nights(model), nightBookSchema))?.since;
  }

  /** The newest nights of a model, oldest first: from its book, and from the reports that it lacks. */
  async nights(model: string): Promise<Night[]> {
    const book = await this.#one(evidencePath.nights(model), nightBookSchema);
    const known = new Map(book?.nights.map((night) => [evidencePath.drift({ model, at: night.at }), night]));
    const paths = (await this.#paths).filter((path) => path.startsWith(`drift/${model}/`)).toSorted();
    const nights = await Promise.all(
      paths.slice(-mostNights).map(async (path) => {
        const night = known.get(path);
        if (night !== undefined) return night;
        const report = await this.#one(path, driftReportSchema);
        return report === undefined ? undefined : shortenReport(report);
      }),
    );
    return nights.filter((night) => night !== undefined);
  }

  async snooze(model: string): Promise<Snooze | undefined> {
    return await this.#one(evidencePath.snooze(model), snoozeSchema);
  }

  async #all<T>(prefix: string, schema: z.ZodType<T>, only: (path: string) => boolean = () => true): Promise<T[]> {
    const paths = (await this.#paths).filter((path) => path.startsWith(prefix) && path.endsWith(".json") && only(path));
    const records = await Promise.all(paths.map(async (path) => await this.#one(path, schema)));
    return records.filter((record) => record !== undefined);
  }

  async #one<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    if (!(await this.#paths).includes(path)) return undefined;
    let text = this.#texts.get(path);
    if (text === undefined) {
      text = this.#store.read(path);
      this.#texts.set(path, text);
    }
    return readRecord(await text, schema);
  }
}

/** Parses one record; undefined where the text is missing, no JSON, or of another shape. */
export function readRecord<T>(text: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** One record as it is written: readable, and the same every time. */
export function writeRecord(record: unknown): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}
