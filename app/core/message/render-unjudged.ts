import { escapeProse } from "./escape.ts";

/** What a check says where judging itself did not come to an end. `because`: the sentence of what failed, untrusted. */
export function renderUnjudged(because: string): { title: string; summary: string } {
  return {
    title: "Could not be judged",
    summary: `${escapeProse(because, 4_000)}\n\nIt is looked at again within a quarter of an hour, after the next push, or when you press "Re-run".`,
  };
}
