import type { Town } from "../town/town.ts";
import { reviewOf, type Allowed } from "./expect-stages.ts";
import type { Ledger, Word } from "./ledger.ts";

/**
 * Models that the config does not name any more: they leave their stages when that was accepted, or by a word on the
 * default branch. Under another name they have left at once.
 */
export function expectGone(town: Town, ledger: Ledger, word: Word | undefined): ReadonlyMap<string, Allowed> {
  const found = new Map<string, Allowed>();
  const now = town.spec.models;
  for (const name of new Set(ledger.assigned.map(({ model }) => model))) {
    if (now.some((model) => model.name === name)) continue;
    const renamed = now.some((model) => model.was === name);
    const stages = new Set(ledger.assigned.filter(({ model }) => model === name).map(({ stage }) => stage));
    const isAccepted = accepted(town, ledger, name);
    const said = word?.command === "promote" && word.model === name && word.by === "ada" && word.digest !== "wrong";
    const allowed = [...stages].map((stage) => {
      const stands = own(ledger, name, stage);
      if (renamed || isAccepted === true) return [stage, new Set([""])] as const;
      return [stage, new Set(said || isAccepted === undefined ? [stands, ""] : [stands])] as const;
    });
    found.set(name, new Map(allowed));
  }
  return found;
}

function own({ assigned }: Ledger, name: string, stage: string): string {
  const newest = assigned.findLast((one) => one.model === name && one.stage === stage);
  return newest === undefined || newest.removed ? "" : newest.artifact;
}

/** Was the pull request that took it out green for it? `undefined`: nobody can tell. */
function accepted(town: Town, ledger: Ledger, name: string): boolean | undefined {
  const took = town.repo.history().find((made) => {
    const parent = made.parents[0];
    return (
      parent !== undefined && town.repo.spec(town.repo.get(parent).files).models.some((model) => model.name === name)
    );
  });
  const review = took === undefined ? undefined : reviewOf(town, ledger, took, name);
  return review?.unsure === true ? undefined : (review?.green ?? false);
}
