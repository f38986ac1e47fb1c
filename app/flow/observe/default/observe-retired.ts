import type { Config } from "#core/config/config.ts";
import { computeSubject } from "#core/identity/subject.ts";
import { parseModelName, type ModelName } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import { allows, type Approval } from "#core/promotion/decide.ts";
import type { Standing } from "#core/registry/registry.ts";
import type { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { readRegistry, type ModelRegistry } from "#flow/observe/read-registry.ts";

/** A model that the config does not name any more, and whose versions still stand at stages. */
export type RetiredModel = {
  name: ModelName;
  standings: readonly Standing[];
  /** who waits: what serves */
  subject: string;
  decision:
    | { kind: "unassign"; pull: number | undefined; by: string | undefined; why: string }
    | { kind: "wait"; because: string };
};

/**
 * Models that vanished from the config (rulings, `retired`): taken from their stages where the merge that did it was
 * accepted, else when somebody says so. Their versions stay. Asks nothing where every model that was moved is named.
 */
export async function observeRetired(
  ports: Pick<Ports, "tags" | "pulls">,
  look: { config: Config; evidence: EvidenceReader; branch: string; approval: Approval | undefined },
): Promise<readonly RetiredModel[]> {
  const { config, evidence } = look;
  const names = [...config.models.values()].flatMap(({ name, was }) => [name, ...(was === undefined ? [] : [was])]);
  const known = new Set<string>(names);
  const gone = (await evidence.moved()).filter((name) => !known.has(name));
  const found = await Promise.all(gone.map(async (name) => await observeOne(ports, parseModelName(name), look)));
  return found.filter((model) => model !== undefined);
}

async function observeOne(
  ports: Pick<Ports, "tags" | "pulls">,
  name: ModelName,
  look: Parameters<typeof observeRetired>[1],
): Promise<RetiredModel | undefined> {
  const registry = await readRegistry(ports.tags, { name });
  const stages = [...new Set(registry.tags.moves.map(({ stage }) => stage))];
  const read = await Promise.all(stages.map(async (stage) => (await registry.standing(stage)).standing));
  const standings = read.filter((standing) => standing !== undefined);
  const last = standings.at(-1);
  // taken from every stage, and a process ended before it was said
  if (last === undefined) return { name, standings, subject: "", decision: { kind: "unassign", ...noWord } };
  const subject = computeSubject(last);
  const common = { name, standings, subject };
  const accepted = await findAccepted(ports, look, registry, last);
  if (accepted !== undefined) return { ...common, decision: { kind: "unassign", ...accepted } };
  const { approval } = look;
  if (approval !== undefined && allows(approval, name, subject, last.stage)) {
    const why = approval.why === "" ? `approved by ${approval.by}` : approval.why;
    return { ...common, decision: { kind: "unassign", pull: undefined, by: approval.by, why } };
  }
  const where = standings.map(({ version, stage }) => `${version} at "${stage}"`).join(", ");
  const because = `the config does not name it any more, and ${where} still stands`;
  return { ...common, decision: { kind: "wait", because } };
}

const noWord = { pull: undefined, by: undefined, why: "" };

/** The merge that took it out of the config, where somebody had accepted that. */
async function findAccepted(
  ports: Pick<Ports, "pulls">,
  { evidence, branch }: Parameters<typeof observeRetired>[1],
  registry: ModelRegistry,
  { recipe, counter }: Standing,
): Promise<{ pull: number; by: string | undefined; why: string } | undefined> {
  const reviews = (await evidence.reviews(registry.model, recipe)).filter(
    (review) => review.verdict === "retired" && review.green,
  );
  // A merge takes a model away once: what came back since was brought by somebody, and takes another word to go.
  const used = reviews.length === 0 ? [] : (await registry.cleared()).filter((gone) => gone.counter < counter);
  for (const { pull: number, head, accepted } of reviews) {
    if (used.some((gone) => gone.pull === number)) continue;
    // oxlint-disable-next-line no-await-in-loop -- nearly always one
    const pull = await ports.pulls.get(number);
    if (!pull.merged || pull.base.ref !== branch || (pull.head.sha !== head && pull.mergeCommit !== head)) continue;
    return { pull: number, by: accepted?.by, why: `retired in #${number}` };
  }
  return undefined;
}
