import { auc, config, otherwise, type Story } from "#test/flow/same-end/story.ts";

const ruling = "Waiting";
export const waiting: readonly Story[] = [
  {
    ruling,
    name: "settings and what affects no model review nothing: what waits goes on waiting",
    async play(town) {
      await town.push(otherwise);
      await town.open(2, config("{}", ["at-least: 0.6", "at-least: 0.65"]));
      await town.merge(2);
      await town.open(3, { "README.md": "Words\n" });
      await town.merge(3);
    },
    ends: { production: "v1.0.0", trainings: 1, green: { 2: true, 3: true }, comments: { 3: 0 }, waits: ["churn"] },
    says: { 2: "nothing new would ship" },
  },
  {
    ruling,
    name: "/promote takes what is not decided, and names it",
    async play(town) {
      await town.push(auc(0.7, 0.05));
      await town.sayWhereItWaits("/promote -- we know these rows");
    },
    ends: { production: "v1.1.0", trainings: 1, waits: [], comments: { 101: 1 } },
    says: { 101: "whose verdict is `inconclusive`" },
  },
  {
    ruling,
    name: "/promote takes no fail",
    async play(town) {
      await town.push(auc(0.5));
      await town.open(2, { "README.md": "Words\n" });
      await town.say(2, "/promote churn");
    },
    ends: { production: "v1.0.0", trainings: 1, waits: [], comments: { 2: 1 } },
    says: { 2: '🚫 Not done. "churn" is not promoted by a word: fail' },
  },
  {
    ruling,
    name: "what waits is judged by the gates of the newest head",
    async play(town) {
      await town.push(auc(0.75));
      await town.push(config("{}", ["at-least: 0.6", "at-least: 0.9"]));
    },
    ends: { production: "v1.0.0", trainings: 1, waits: [] },
  },
  {
    ruling,
    name: "a word names the bytes: of others it does nothing",
    async play(town) {
      await town.push(otherwise);
      await town.sayWhereItWaits(`/promote churn ${"0".repeat(12)}`);
    },
    ends: { production: "v1.0.0", trainings: 1, waits: ["churn"] },
    says: { 101: "look at it again" },
  },
  {
    ruling,
    name: "bytes that expire meanwhile are trained again when /promote asks for them, and wait once more",
    async play(town) {
      await town.push(otherwise);
      town.expire();
      await town.sayWhereItWaits("/promote");
    },
    ends: { production: "v1.0.0", trainings: 2, waits: ["churn"] },
  },
  {
    ruling,
    name: "bytes that expire meanwhile are trained again by no push that has nothing to do with them",
    async play(town) {
      await town.push(otherwise);
      town.expire();
      await town.wake();
      await town.push({ "README.md": "Words\n" });
    },
    ends: { production: "v1.0.0", trainings: 1, waits: ["churn"] },
  },
  {
    ruling,
    name: "/promote said twice at once moves once",
    async play(town) {
      await town.push(otherwise);
      await town.sayWhereItWaits("/promote");
      await town.say(101, "/promote");
    },
    ends: { production: "v1.1.0", trainings: 1, waits: [], comments: { 101: 2 } },
    says: { 101: "Nothing waits for it" },
  },
  {
    ruling: "Direct push",
    name: "of anything new waits",
    async play(town) {
      await town.push(auc(0.8));
    },
    ends: { production: "v1.0.0", trainings: 1, waits: ["churn"] },
  },
  {
    ruling: "Direct push",
    name: "of a revert goes back at once",
    async play(town) {
      await town.open(2, auc(0.8));
      await town.merge(2);
      const { mergeCommit = "" } = town.service.pull(2);
      await town.push(auc(0.7), `Revert it\n\nThis reverts commit ${mergeCommit}.`);
    },
    ends: { production: "v1.0.0", trainings: 1, waits: [] },
  },
  {
    ruling: "Direct push",
    name: "of an old recipe that reverts nothing is compared, and refused",
    async play(town) {
      await town.open(2, auc(0.8));
      await town.merge(2);
      await town.push(auc(0.7));
    },
    ends: { production: "v1.1.0", trainings: 1, waits: [] },
  },
  {
    ruling: "Direct push",
    name: "only the newest head is acted on",
    async play(town) {
      town.pushUnheard(auc(0.8));
      await town.push(auc(0.9));
      await town.sayWhereItWaits("/promote");
    },
    ends: { production: "v1.1.0", trainings: 1, waits: [] },
  },
  {
    ruling: "Evidence",
    name: "/accept is bound to it: what was accepted ships, in the name of who said it",
    async play(town) {
      await town.open(2, auc(0.7, 0.05));
      await town.say(2, "/accept -- few rows, and we need it");
      await town.merge(2);
    },
    ends: { production: "v1.1.0", trainings: 1, verdicts: { 2: "inconclusive" }, green: { 2: true }, waits: [] },
    says: { 2: "accepted by `ada` (few rows, and we need it)" },
  },
  {
    ruling: "Evidence",
    name: "other evidence is not accepted, and the same once more is",
    async play(town) {
      await town.open(2, auc(0.7, 0.05));
      await town.say(2, "/accept");
      await town.change(2, auc(0.701, 0.05));
      if (town.isGreen(town.service.pull(2).head.sha)) throw new Error("Nobody accepted that");
      await town.change(2, auc(0.7, 0.05), "As it was");
    },
    ends: { production: "v1.0.0", trainings: 2, verdicts: { 2: "inconclusive" }, green: { 2: true } },
  },
  {
    ruling: "Evidence",
    name: "/accept takes no fail",
    async play(town) {
      await town.open(2, auc(0.5));
      await town.say(2, "/accept");
    },
    ends: { production: "v1.0.0", trainings: 1, verdicts: { 2: "fail" }, green: { 2: false } },
    says: { 2: "here is churn: fail" },
  },
];
