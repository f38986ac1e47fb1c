import type { Town } from "../town/town.ts";
import type { Ledger } from "./ledger.ts";

/** Remembers the names that models had. */
export function noteNames(town: Town, ledger: Ledger): void {
  for (const { name, was } of town.spec.models) if (was !== undefined) ledger.renamed.set(name, was);
}

/** Reads the tags that are new, and remembers what stood where, since when, and under which names. */
export function noteTags(town: Town, ledger: Ledger): void {
  const seen = ledger.registered.length;
  for (const model of town.spec.models) {
    for (const stage of model.stages) {
      const key = `${model.name} ${stage}`;
      if (!ledger.stageSince.has(key)) ledger.stageSince.set(key, seen);
    }
  }
  for (const { model, stage, version, removed } of ledger.readTags(town)) {
    if (removed) continue;
    ledger.held.add(`${model} ${stage} ${version}`);
    const spec = town.spec.models.find(({ name }) => name === model);
    if (spec?.stages.at(-1) === stage) ledger.heldLast.add(`${model} ${version}`);
  }
}
