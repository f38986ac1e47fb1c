import { auc, config, otherwise, type Story } from "#test/flow/same-end/story.ts";
import type { Town } from "#test/flow/same-end/town.ts";

const pin = (version: string): ReturnType<typeof config> => config(`{ pin: ${version} }`);

/** v1.1.0 (auc 0.8) came by a pull request. */
async function improve(town: Town): Promise<void> {
  await town.open(2, auc(0.8));
  await town.merge(2);
}

const ruling = "Pinned";
export const pinned: readonly Story[] = [
  {
    ruling,
    name: "a candidate is judged as if there were no pin; green, it is registered and moves nothing; unpinned, it ships",
    async play(town) {
      await improve(town);
      await town.open(3, pin("v1.0.0"));
      await town.merge(3);
      await town.open(4, auc(0.9));
      await town.merge(4);
      await town.open(5, config());
      await town.merge(5);
    },
    ends: {
      production: "v1.2.0",
      trainings: 2,
      verdicts: { 3: "return", 4: "pass", 5: "pass" },
      tags: ["churn#production#1", "churn#production#2", "churn#production#3", "churn#production#4"].concat(
        ["v1.0.0", "v1.1.0", "v1.2.0"].map((version) => `churn@${version}`),
      ),
    },
    says: { 4: "is registered, and moves nothing: v1.0.0 is pinned", 5: "Merging ships it as v1.2.0" },
  },
  {
    ruling,
    name: "a red one is not registered",
    async play(town) {
      await town.open(2, pin("v1.0.0"));
      await town.merge(2);
      await town.open(3, auc(0.5));
      await town.merge(3);
    },
    ends: {
      production: "v1.0.0",
      trainings: 1,
      verdicts: { 3: "fail" },
      tags: ["churn#production#1", "churn@v1.0.0"],
      waits: [],
    },
    says: { 3: "nothing would move in any case: v1.0.0 is pinned" },
  },
  {
    ruling,
    name: "while it holds, the default branch trains nothing",
    async play(town) {
      await town.open(2, pin("v1.0.0"));
      await town.merge(2);
      await town.push(otherwise);
    },
    ends: { production: "v1.0.0", trainings: 0, waits: [] },
  },
  {
    ruling,
    name: "/hold pins what is live: settings",
    async play(town) {
      await improve(town);
      await town.say(2, "/hold -- a feast");
      await town.approve(town.ours());
      await town.merge(town.ours());
      await town.push(otherwise);
    },
    ends: { production: "v1.1.0", trainings: 1, comments: { 101: 1 }, green: { 101: true }, waits: [] },
    says: {
      2: "📌 #101 pins `churn` to `v1.1.0`, which is in production",
      101: "it pins v1.1.0, which is in production",
    },
  },
  {
    ruling,
    name: "/rollback opens one pull request that brings the version before back, and trains nothing",
    async play(town) {
      await improve(town);
      await town.say(2, "/rollback -- it hurts");
      await town.say(2, "/rollback");
      await town.approve(town.ours());
      await town.merge(town.ours());
    },
    ends: { production: "v1.0.0", trainings: 1, verdicts: { 101: "return" }, green: { 101: true }, waits: [] },
    says: { 2: "⏪ #101 pins `churn` to `v1.0.0`" },
  },
  {
    ruling,
    name: "a pin of no version is an error that moves nothing",
    async play(town) {
      await town.open(2, pin("v7.0.0"));
      await town.merge(2);
    },
    ends: { production: "v1.0.0", trainings: 0, verdicts: { 2: "error" }, green: { 2: false } },
    says: { 2: 'Cannot pin "churn" to v7.0.0' },
  },
];
