import { configPath } from "#core/config/config.ts";
import { localConfig } from "#test/flow/local/local-loop.ts";
import { auc, config, otherwise, twoModels, type Story } from "#test/flow/same-end/story.ts";

const only = { [configPath]: localConfig("{}", "fraud") };
const renamed = { [configPath]: localConfig("{}", "leavers").replace("  leavers:\n", "  leavers:\n    was: churn\n") };
const ruling = "Promotion settings";

export const settings: readonly Story[] = [
  {
    ruling,
    name: "stages are entered by a merge, and gone on along by a word",
    promote: "{ stages: [staging, production] }",
    async play(town) {
      await town.open(2, auc(0.8));
      await town.merge(2);
      await town.sayWhereItWaits("/promote churn -- fine so far");
    },
    ends: { production: "v1.1.0", trainings: 1, waits: [] },
    says: { 2: "**churn v1.1.0** stands at `staging` and `production`" },
  },
  {
    ruling,
    name: "a new stage behind the last starts where that one stands",
    async play(town) {
      await town.open(2, config("{ stages: [production, europe] }"));
      await town.merge(2);
    },
    ends: {
      production: "v1.0.0",
      trainings: 0,
      green: { 2: true },
      tags: ["churn#europe#2", "churn#production#1", "churn@v1.0.0"],
      waits: [],
    },
    says: { 2: "Merging moves nothing" },
  },
  {
    ruling,
    name: "a stage in front is an error, also once it is merged",
    async play(town) {
      await town.open(2, config("{ stages: [staging, production] }"));
      await town.merge(2);
    },
    ends: { production: "v1.0.0", trainings: 0, verdicts: { 2: "not asked" }, green: { 2: false } },
    says: { 2: "stages only grow behind the last" },
  },
  {
    ruling,
    name: "a model that vanishes is accepted, taken from its stages, and first when it comes back",
    async play(town) {
      await town.push(twoModels());
      await town.sayWhereItWaits("/promote", "fraud");
      await town.open(2, only);
      await town.say(2, "/accept churn -- nobody asks for it");
      await town.merge(2);
      await town.open(3, twoModels());
    },
    ends: {
      production: { churn: null, fraud: "v1.0.0" },
      trainings: 0,
      verdicts: { 2: "retired", 3: "first" },
      green: { 2: true, 3: false },
      waits: [],
    },
    says: { 2: "**churn** is retired by the word of `ada`" },
  },
  {
    ruling,
    name: "a model that vanished with nobody's word waits for one",
    async play(town) {
      await town.push(twoModels());
      await town.sayWhereItWaits("/promote", "fraud");
      await town.push(only);
      await town.sayWhereItWaits("/promote churn");
    },
    ends: { production: { churn: null, fraud: "v1.0.0" }, trainings: 0, waits: [] },
  },
  {
    ruling,
    name: "a config that is gone retires all that it named, by a word",
    async play(town) {
      await town.push({ [configPath]: undefined });
      await town.sayWhereItWaits("/promote");
    },
    ends: { production: null, trainings: 0, waits: [] },
  },
  {
    ruling,
    name: "a model that takes another's place without `was` is first, and waits for /accept",
    async play(town) {
      await town.open(2, only);
    },
    ends: { production: { churn: "v1.0.0", fraud: null }, trainings: 0, green: { 2: false } },
    says: { 2: "appears where" },
  },
  {
    ruling: "The loop, 7: rename",
    name: "`was` keeps versions, bytes and history under a new name, and goes on from there",
    async play(town) {
      await town.open(2, renamed);
      await town.merge(2);
      await town.open(3, auc(0.8));
      await town.merge(3);
      await town.revert(3, 4);
      await town.merge(4);
    },
    ends: {
      production: { churn: null, leavers: "v1.0.0" },
      trainings: 1,
      verdicts: { 3: "pass", 4: "return" },
      green: { 2: true, 3: true, 4: true },
      waits: [],
    },
    says: { 2: '"churn" is called "leavers" from now on' },
  },
  {
    ruling: "Versions",
    name: "`bump: major` counts for the merge that changes it",
    async play(town) {
      await town.open(2, { ...auc(0.8), ...config("{ bump: major }") });
      await town.merge(2);
      await town.open(3, { ...otherwise, ...config() });
      await town.merge(3);
    },
    ends: { production: "v2.1.0", trainings: 2, verdicts: { 2: "pass", 3: "pass" }, waits: [] },
    says: { 2: "Merging ships it as v2.0.0" },
  },
];
