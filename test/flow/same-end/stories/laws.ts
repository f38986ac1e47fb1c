import { configPath } from "#core/config/config.ts";
import { auc, config, otherwise, type Story } from "#test/flow/same-end/story.ts";

/** What the laws say, before any of them meet. */
export const laws: readonly Story[] = [
  {
    ruling: "Law 1: production follows the default branch",
    name: "a better candidate is merged and reverted, each with no training",
    async play(town) {
      await town.open(2, auc(0.8));
      await town.merge(2);
      await town.revert(2, 3);
      await town.merge(3, "squash");
    },
    ends: {
      production: "v1.0.0",
      trainings: 1,
      verdicts: { 2: "pass", 3: "return" },
      green: { 2: true, 3: true },
      comments: { 2: 2, 3: 2 },
      waits: [],
    },
    says: { 2: "better than production v1.0.0", 3: "goes back to v1.0.0" },
  },
  {
    ruling: "Law 1: production follows the default branch",
    name: "a pull request that touches no model has a green check, no comment, and moves nothing",
    async play(town) {
      await town.open(2, { "README.md": "Words\n" });
      await town.merge(2);
    },
    ends: { production: "v1.0.0", trainings: 0, green: { 2: true }, comments: { 2: 0 }, waits: [] },
  },
  {
    ruling: "Law 2: what was reviewed is what ships",
    name: "two that meet are judged together and wait for a word",
    async play(town) {
      await town.open(2, auc(0.8));
      await town.open(3, otherwise);
      await town.merge(2);
      await town.merge(3);
    },
    ends: { production: "v1.1.0", trainings: 3, verdicts: { 2: "pass", 3: "pass" }, waits: ["churn"] },
    says: { 3: "waits for `/promote`: nobody reviewed exactly this" },
  },
  {
    ruling: "Law 2: what was reviewed is what ships",
    name: "two that meet ship by themselves where the config lets a pass through",
    promote: "{ combinations: gate }",
    async play(town) {
      await town.open(2, auc(0.8));
      await town.open(3, otherwise);
      await town.merge(2);
      await town.merge(3);
    },
    ends: { production: "v1.2.0", trainings: 3, waits: [] },
  },
  {
    ruling: "Law 2: what was reviewed is what ships",
    name: "a merge over a red check ships nothing, and no word lets it through",
    async play(town) {
      await town.open(2, auc(0.5));
      await town.merge(2);
      await town.say(2, "/promote");
    },
    ends: {
      production: "v1.0.0",
      trainings: 1,
      verdicts: { 2: "fail" },
      green: { 2: false },
      comments: { 2: 3 },
      waits: [],
    },
    says: { 2: "is not promoted by a word" },
  },
  {
    ruling: "Law 2: what was reviewed is what ships",
    name: "a merge before anybody has looked is trained on the default branch, and waits",
    async play(town) {
      town.openUnheard(2, auc(0.8));
      await town.merge(2);
    },
    ends: {
      production: "v1.0.0",
      trainings: 1,
      waits: ["churn"],
      problems: ["plan: #2 is closed: nothing is trained for it"],
    },
  },
  {
    ruling: "Law 2: what was reviewed is what ships",
    name: "while something waits, the report of another pull request says so first",
    async play(town) {
      await town.push(otherwise);
      await town.open(2, { "train.csv": "churned\n1\n0\n" });
      await town.sayWhereItWaits("/promote");
    },
    ends: { production: "v1.1.0", trainings: 2, verdicts: { 2: "pass" }, green: { 2: true }, waits: [] },
    says: { 2: "Merging ships it as v1.2.0" },
  },
  {
    ruling: "Law 4: no evidence, no green",
    name: "a lost run is an error; the next push trains again",
    async play(town) {
      town.service.loses = true;
      await town.open(2, auc(0.8));
      if (town.isGreen(town.service.pull(2).head.sha)) throw new Error("A lost run is green");
      await town.change(2, { "README.md": "Again\n" });
      await town.merge(2);
    },
    ends: { production: "v1.1.0", trainings: 2, verdicts: { 2: "pass" }, green: { 2: true }, comments: { 2: 2 } },
  },
  {
    ruling: "Law 4: no evidence, no green",
    name: "a lost run is an error; /train tries again, and the required check follows",
    async play(town) {
      town.service.loses = true;
      await town.open(2, auc(0.8));
      await town.say(2, "/train");
    },
    ends: { production: "v1.0.0", trainings: 2, verdicts: { 2: "pass" }, green: { 2: true }, comments: { 2: 2 } },
  },
  {
    ruling: "Law 4: no evidence, no green",
    name: "a lost run is an error; Re-run tries again",
    async play(town) {
      town.service.loses = true;
      await town.open(2, auc(0.8));
      await town.rerun(2);
      await town.rerun(2);
    },
    ends: { production: "v1.0.0", trainings: 2, verdicts: { 2: "pass" }, green: { 2: true }, comments: { 2: 1 } },
  },
  {
    ruling: "Law 4: no evidence, no green",
    name: "a change of the holdout alone is settings, and what comes later is judged by it",
    async play(town) {
      await town.open(2, { "holdout.csv": "churned\n0\n1\n" });
      await town.merge(2);
      await town.open(3, auc(0.8));
      await town.merge(3);
    },
    ends: { production: "v1.1.0", trainings: 1, verdicts: { 3: "pass" }, green: { 2: true, 3: true }, waits: [] },
    says: { 2: "nothing new would ship" },
  },
  {
    ruling: "Law 4: no evidence, no green",
    name: "a config that cannot be read is red, judges nobody, and is mended",
    async play(town) {
      await town.open(2, { [configPath]: "version: 1\nmodels: { churn: { } }\n" });
      await town.change(2, config("{}", ["at-least: 0.6", "at-least: 0.65"]));
      await town.merge(2);
    },
    ends: { production: "v1.0.0", trainings: 0, verdicts: { 2: "not asked" }, green: { 2: true }, comments: { 2: 1 } },
  },
  {
    ruling: "The loop, 4: the default branch moved",
    name: "a recipe that moved is stale and trained by nobody before the branch is updated",
    async play(town) {
      await town.open(2, otherwise);
      await town.open(3, auc(0.8));
      await town.merge(3);
      if (town.isGreen(town.service.pull(2).head.sha)) throw new Error("A stale pull request is green");
      await town.update(2);
      await town.merge(2);
    },
    ends: { production: "v1.2.0", trainings: 3, verdicts: { 2: "pass", 3: "pass" }, green: { 2: true }, waits: [] },
  },
  {
    ruling: "The loop, 4: the default branch moved",
    name: "a recipe that is stale is trained where somebody says /train",
    async play(town) {
      await town.open(2, otherwise);
      await town.open(3, auc(0.8));
      await town.merge(3);
      await town.say(2, "/train");
    },
    ends: { production: "v1.1.0", trainings: 3, verdicts: { 2: "pass" }, green: { 2: true } },
    says: { 2: "🚂 Training" },
  },
  {
    ruling: "The loop, 4: the default branch moved",
    name: "where production moved, all is compared again from what was answered, with no training",
    async play(town) {
      await town.push(otherwise);
      await town.open(2, auc(0.8));
      await town.sayWhereItWaits("/promote");
    },
    ends: { production: "v1.1.0", trainings: 2, verdicts: { 2: "pass" }, green: { 2: true } },
    says: { 2: "better than production v1.1.0" },
  },
  {
    ruling: "Law 7: hostile until somebody with write access says otherwise",
    name: "words of who may not write, misspelt ones and help are answered, and do nothing",
    async play(town) {
      await town.open(2, auc(0.7, 0.05));
      for (const [body, login] of [
        ["/accept", "cyd"],
        ["/acept", "ada"],
        ["/help", "cyd"],
        ["no word", "ada"],
        ["/other-bot do it", "ada"],
      ] as const)
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await town.say(2, body, login);
    },
    ends: {
      production: "v1.0.0",
      trainings: 1,
      verdicts: { 2: "inconclusive" },
      green: { 2: false },
      comments: { 2: 4 },
    },
    says: { 2: "`cyd` may not" },
  },
];
