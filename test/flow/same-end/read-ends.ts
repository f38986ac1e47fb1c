import { parseModelName } from "#core/names.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { judgePull } from "#flow/pull/reconcile-pull.ts";
import type { Service } from "./service.ts";
import type { Town } from "./town.ts";

/** What a story ends in, as far as it is asked: production by model, trainings, verdicts by pull request. */
export type Ends = {
  /** what stands at the last stage; null: nothing */
  production: string | null | Readonly<Record<string, string | null>>;
  /** since the story began */
  trainings: number;
  /** the last verdict on a pull request's head, whoever of several models */
  verdicts?: Readonly<Record<number, string>>;
  /** what the required check says of its head: may it be merged? */
  green?: Readonly<Record<number, boolean>>;
  /** how many comments of ours there are */
  comments?: Readonly<Record<number, number>>;
  /** models that wait for /promote */
  waits?: readonly string[];
  /** tags in all */
  tags?: readonly string[];
  /** what failed in a job */
  problems?: readonly string[];
};

/** The same of what there is. */
export async function readEnds(town: Town, asked: Ends): Promise<Ends> {
  const { service } = town;
  const { world } = service;
  const { memory } = world;
  const each = <T>(of: object, read: (number: number) => T): Record<string, T> =>
    Object.fromEntries(Object.keys(of).map((number) => [number, read(Number(number))]));
  const found: Ends = {
    production:
      typeof asked.production === "object" && asked.production !== null
        ? Object.fromEntries(
            await Promise.all(
              Object.keys(asked.production).map(async (model) => [model, await standing(service, model)] as const),
            ),
          )
        : await standing(service, "churn"),
    trainings: service.trainings,
  };
  if (asked.verdicts !== undefined)
    found.verdicts = Object.fromEntries(
      await Promise.all(
        Object.keys(asked.verdicts).map(async (number) => [number, await verdictOn(service, Number(number))] as const),
      ),
    );
  if (asked.green !== undefined)
    found.green = each(asked.green, (number) => town.isGreen(service.pull(number).head.sha));
  if (asked.comments !== undefined)
    found.comments = each(asked.comments, (number) => memory.comments.filter(({ issue }) => issue === number).length);
  if (asked.waits !== undefined)
    found.waits = memory.issues
      .filter(({ state }) => state === "open")
      .map(({ title }) => title.replace(" waits for /promote", ""));
  if (asked.tags !== undefined) found.tags = world.git.refs("refs/tags/").map(([name]) => name);
  return { ...found, ...(asked.problems === undefined ? {} : { problems: service.problems }) };
}

async function standing({ world }: Service, model: string): Promise<string | null> {
  const registry = await readRegistry(world.ports().tags, { name: parseModelName(model) });
  return (await registry.standing("production")).standing?.version ?? null;
}

async function verdictOn({ world }: Service, number: number): Promise<string> {
  const ports = world.ports();
  const { head, state } = await ports.pulls.get(number);
  const reviews = await new EvidenceReader(ports.evidence).reviewsOfHead(number, head.sha);
  const said = reviews.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1)?.verdict;
  if (state === "closed") return said ?? "not asked";
  const { observed, models } = await judgePull(ports, number, [], { expecting: false });
  if (observed.outcome.kind !== "models") return observed.outcome.kind;
  const kinds = models.map(({ answer }) => (answer.kind === "verdict" ? answer.verdict.kind : "pending"));
  const affected = kinds.filter((kind) => kind !== "not_affected");
  return affected[0] ?? kinds[0] ?? "none";
}
