import { isShipped, renderShipped, type Shipped } from "#core/message/render-shipped.ts";
import type { Ports } from "#core/ports.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import type { DefaultModel, ObservedDefault } from "#flow/observe/observe-default.ts";
import { upsertComment } from "#flow/pull/upsert-comment.ts";

/**
 * Tells pull requests what came of them, in one comment each, edited in place: those behind what stands at the stages,
 * and those that brought the head, where not all that they change was shipped by their review.
 */
export async function tellPulls(
  ports: Pick<Ports, "comments" | "pulls" | "evidence" | "now">,
  observed: ObservedDefault,
  issues: ReadonlyMap<string, number>,
): Promise<void> {
  const told = findShipped(observed);
  for (const { pull, shipped } of await findRetired(ports, observed))
    told.set(pull, [...(told.get(pull) ?? []), shipped]);
  for (const { model, pull } of await findBehind(ports, observed)) {
    const said = told.get(pull) ?? [];
    told.set(pull, said);
    if (!said.some((shipped) => shipped.model === model.change.name)) said.push(describe(model, issues));
  }
  for (const [pull, shipped] of told) {
    // oxlint-disable-next-line no-await-in-loop -- one pull request, nearly always
    await upsertComment(ports.comments, pull, isShipped, renderShipped(shipped));
  }
}

function findShipped(observed: ObservedDefault): Map<number, Shipped[]> {
  const told = new Map<number, Shipped[]>();
  for (const { change, facts, stages, meanwhile } of observed.models) {
    if (meanwhile !== undefined && facts.registered !== undefined) {
      const { pull, pin } = meanwhile;
      const shipped: Shipped = { kind: "registered", model: change.name, version: facts.registered, pin };
      told.set(pull, [...(told.get(pull) ?? []), shipped]);
    }
    const pulls = new Set(stages.flatMap(({ standing }) => standing?.pull ?? []));
    for (const pull of pulls) {
      const mine = stages.flatMap(({ standing }) => (standing?.pull === pull ? [standing] : []));
      for (const version of new Set(mine.map((standing) => standing.version))) {
        const same = mine.filter((standing) => standing.version === version);
        const [first] = same;
        if (first === undefined) continue;
        const { artifact } = first;
        const where = same.map(({ stage }) => stage);
        const shipped: Shipped = {
          kind: "stands",
          model: change.name,
          version,
          stages: where,
          artifact,
          why: undefined,
        };
        told.set(pull, [...(told.get(pull) ?? []), shipped]);
      }
    }
  }
  return told;
}

/** What was taken from its stages lately, by the merge that took it out of the config. */
async function findRetired(
  ports: Pick<Ports, "evidence" | "now">,
  { snapshot }: ObservedDefault,
): Promise<readonly { pull: number; shipped: Shipped }[]> {
  const since = ports.now().getTime() - retiredLatelyMs;
  const moves = await new EvidenceReader(ports.evidence).cleared();
  return moves.flatMap(({ model, version, stage, pull, by, at }) => {
    const isNamed = [...(snapshot?.config.models.values() ?? [])].some(
      ({ name, was }) => name === model || was === model,
    );
    if (pull === null || isNamed || Date.parse(at) < since) return [];
    return [{ pull, shipped: { kind: "retired", model, version, stage, by } }];
  });
}

/** For how long a merge is told what it retired: what is older has been told. */
const retiredLatelyMs = 7 * 86_400_000;

/** Models that pull requests of the head changed, and that no review of theirs shipped. */
async function findBehind(
  ports: Pick<Ports, "pulls" | "evidence">,
  { head, models }: ObservedDefault,
): Promise<readonly { model: DefaultModel; pull: number }[]> {
  const behind = models.filter(
    ({ decision, stages }) =>
      decision.kind === "wait" ||
      decision.kind === "blocked" ||
      stages.some(({ standing }) => standing?.commit === head && standing.pull === null),
  );
  if (behind.length === 0) return [];
  const pulls = (await ports.pulls.ofCommit(head)).filter(({ merged }) => merged);
  if (pulls.length === 0) return [];
  const evidence = new EvidenceReader(ports.evidence);
  const found = await Promise.all(
    behind.map(async (model) => {
      const reviews = await evidence.reviewsOfModel(model.change.name);
      return pulls
        .filter(({ number }) => reviews.some(({ pull }) => pull === number))
        .map(({ number }) => ({ model, pull: number }));
    }),
  );
  return found.flat();
}

function describe({ change, facts, stages, decision }: DefaultModel, issues: ReadonlyMap<string, number>): Shipped {
  const model = change.name;
  const production = facts.production?.standing.version;
  if (decision.kind === "wait")
    return { kind: "waits", model, because: decision.because, production, issue: issues.get(model) };
  if (decision.kind === "blocked") {
    const { verdict } = decision;
    return { kind: "refused", model, because: `${verdict.kind}, ${verdict.because}`, production };
  }
  const standings = stages.flatMap(({ standing }) => (standing?.recipe === change.merged.recipe ? [standing] : []));
  const [first] = standings;
  if (first === undefined)
    return { kind: "waits", model, because: "it is being promoted", production, issue: undefined };
  const { version, artifact, by, why } = first;
  const said = by === null ? why : `by the word of ${by}`;
  return { kind: "stands", model, version, stages: standings.map(({ stage }) => stage), artifact, why: said };
}
