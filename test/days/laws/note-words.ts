import type { Town } from "../town/town.ts";
import { isGreen, judgeChange, messagesBetween } from "./judge.ts";
import { gatesFor, remember } from "./check-pulls.ts";
import type { Ledger, Word } from "./ledger.ts";

/** An acceptance binds to the evidence that is shown now; one that may have come too early is believed by nobody here. */
export function noteWord(town: Town, ledger: Ledger, word: Word | undefined, calm: boolean): void {
  if (word?.command !== "accept" || word.by !== "ada" || word.digest === "wrong") return;
  const pull = town.pulls.find(({ number }) => number === word.issue);
  if (pull?.state !== "open" || pull.mergeable !== true) return;
  const { files, both } = town.mergedWith(pull.head.sha);
  if (both && !town.settings.testMerges) return;
  const question = { base: town.repo.main.files, merged: files, pull: pull.number, messages: pull.messages };
  const expected = judgeChange(town, ledger, question).find(({ name }) => name === word.model);
  if (expected === undefined || !expected.kinds.some((kind) => ["first", "inconclusive", "retired"].includes(kind)))
    return;
  if (isGreen(ledger, expected, expected.kinds[0] ?? "", gatesFor(town, expected)) === true) return;
  const sure = calm && !word.early && expected.evidence.length === 1 && expected.kinds.length === 1;
  for (const evidence of expected.evidence) (sure ? ledger.accepted : ledger.perhapsAccepted).add(evidence);
}

/** The verdicts of what the merge queue has made. */
export function noteGroups(town: Town, ledger: Ledger, calm: boolean): void {
  for (const { head, pull } of town.groups) {
    const made = town.repo.get(head);
    const parent = made.parents[0];
    if (parent === undefined) continue;
    const base = town.repo.get(parent);
    const state = town.world.memory.checks.find((one) => one.head === head)?.check.state;
    const passes = state?.kind === "completed" && state.conclusion === "success";
    const question = { base: base.files, merged: made.files, messages: messagesBetween(town, base, made) };
    for (const expected of judgeChange(town, ledger, question)) {
      const [kind = ""] = expected.kinds;
      const key = `group ${head} ${pull} ${expected.name}`;
      remember(ledger, key, expected, kind, passes);
      const review = ledger.reviews.get(key);
      if (review !== undefined && (!calm || expected.kinds.length > 1)) review.unsure = true;
    }
  }
}
