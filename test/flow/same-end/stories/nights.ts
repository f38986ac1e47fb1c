import { config, type Story } from "#test/flow/same-end/story.ts";

const watched = config(`{}
    monitor:
      current: { run: sh fetch.sh, output: current.csv }
      retrain: { run: sh collect.sh }`);

const moved = (rows: number): { columns: Record<string, number>; brings: Record<string, string> } => {
  return { columns: { age: 0.2 }, brings: { "train.csv": `churned\n${"1\n".repeat(rows)}` } };
};

const ruling = "Law 4, step 5: watch";
/** What nights come to, by the app and by the workflow alone. */
export const nights: readonly Story[] = [
  {
    ruling,
    name: "two odd nights, a snooze, its end, a retraining pull request that is merged, and a quiet night",
    async play(town) {
      await town.push(watched, "Watch");
      await town.watch(moved(2));
      await town.watch({ columns: { age: 0.2 } });
      await town.say(101, "/snooze 3d");
      await town.watch(moved(3));
      await town.watch(moved(4), 3);
      // where a workflow's token opened it, its own run waits for that, and trains nothing any more
      await town.approve(town.ours());
      await town.merge(town.ours());
      await town.watch({ columns: { age: 0.01 }, version: "v1.1.0" });
    },
    ends: { production: "v1.1.0", trainings: 1, comments: { 101: 3 }, green: { 102: true }, problems: [] },
    says: { 101: "**Recovered**" },
  },
];
