import type { Town } from "../town/town.ts";
import type { Ledger } from "./ledger.ts";

/** Remembers since when the config names its stages, and the names that models had. */
export function noteSpec(town: Town, ledger: Ledger): void {
  for (const { name, was, stages } of town.spec.models) {
    // a name that comes again without "was" is another model's
    if (was === undefined) ledger.renamed.delete(name);
    else ledger.renamed.set(name, was);
    if (was !== undefined) ledger.everRenamed.add(name);
    for (const stage of stages) {
      const key = `${name} ${stage}`;
      const since = ledger.stageSince.get(`${was ?? ""} ${stage}`) ?? ledger.registered.length;
      if (!ledger.stageSince.has(key)) ledger.stageSince.set(key, since);
    }
  }
}

/** Reads the tags that are new, and remembers what stood where. */
export function noteTags(town: Town, ledger: Ledger): void {
  for (const { model, stage, version, removed } of ledger.readTags(town)) {
    if (removed) continue;
    ledger.held.add(`${model} ${stage} ${version}`);
    const spec = town.spec.models.find(({ name }) => name === model);
    if (spec?.stages.at(-1) === stage) ledger.heldLast.add(`${model} ${version}`);
  }
}
