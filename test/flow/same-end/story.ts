import { configPath } from "#core/config/config.ts";
import { LocalWorld } from "#test/flow/local/local-world.ts";
import { localConfig, localFiles, localModel } from "#test/flow/local/local-loop.ts";
import type { Ends } from "./read-ends.ts";
import { Service, type Writer } from "./service.ts";
import { Town } from "./town.ts";

/** What people do after churn v1.0.0 (auc 0.7) was put into production, and what has to come of it. */
export type Story = {
  /** the ruling or law that it is about, in the words of docs/design.md */
  ruling: string;
  name: string;
  /** what is not yet as the ruling says, and is to be mended: then the story fails, and has to */
  broken?: string;
  /** begin with a README, before there was any config */
  empty?: true;
  /** `promote:` in the config (default: nothing) */
  promote?: string;
  play(town: Town): Promise<void>;
  ends: Ends;
  /** parts of what we wrote last on issues and pull requests */
  says?: Readonly<Record<number, string>>;
};

export type Files = Readonly<Record<string, string | undefined>>;

/** The parameters are the model: its auc, and half the width of the interval. */
export function auc(point: number, spread?: number): Files {
  return { "params.txt": `auc ${point}${spread === undefined ? "" : ` spread ${spread}`}\n` };
}

/** Another recipe that is as good. */
export const otherwise: Files = { "train.sh": "cat params.txt # otherwise\n" };

/** A config with `promote:` as given, and changes to its text. */
export function config(promote = "{}", ...changes: readonly (readonly [from: string, to: string])[]): Files {
  const text = changes.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`The config does not say "${from}"`);
    return now.replace(from, to);
  }, localConfig(promote));
  return { [configPath]: text };
}

/** A second model of the same files, in its own words where they differ. */
export function twoModels(...changes: readonly (readonly [from: string, to: string])[]): Files {
  const second = changes.reduce((now, [from, to]) => now.replace(from, to), localModel("{}", "fraud"));
  return { [configPath]: `${localConfig("{}")}${second}` };
}

const starts = new Map<string, Promise<Service>>();

/** The town as a story finds it: a copy of a beginning that is played once. */
export async function beginStory(
  { promote = "{}", empty }: Story,
  folder: string,
  { writer, late = false }: { writer: Writer; late?: boolean },
): Promise<Town> {
  const key = `${writer} ${promote} ${empty ?? false}`;
  const start = starts.get(key) ?? (empty === true ? playEmpty() : playStart(promote, writer, folder));
  starts.set(key, start);
  return new Town((await start).copy(), writer, folder, late);
}

async function playStart(promote: string, writer: Writer, folder: string): Promise<Service> {
  const town = new Town(new Service(new LocalWorld()), writer, folder);
  await town.push(localFiles(0.7, promote), "Start");
  while (town.service.world.memory.issues.some(({ state }) => state === "open"))
    await town.sayWhereItWaits("/promote churn -- a start");
  return town.service;
}

async function playEmpty(): Promise<Service> {
  const service = new Service(new LocalWorld());
  service.world.commit("main", { "README.md": "A shop\n" }, "Begin");
  return await Promise.resolve(service);
}
