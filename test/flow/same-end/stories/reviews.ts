import { localFiles } from "#test/flow/local/local-loop.ts";
import { auc, config, otherwise, twoModels, type Story } from "#test/flow/same-end/story.ts";

/** Who reviewed what: models, runs, forks, queues, heads. */
export const reviews: readonly Story[] = [
  {
    ruling: "Reviews are per model, runs per recipe",
    name: "two models share a run and no review: over a red check, the one that is green ships",
    async play(town) {
      await town.push(twoModels());
      await town.sayWhereItWaits("/promote fraud", "fraud");
      await town.push(twoModels(["at-least: 0.6", "at-least: 0.9"]));
      await town.open(2, auc(0.8));
      await town.merge(2);
    },
    ends: { production: { churn: "v1.1.0", fraud: "v1.0.0" }, trainings: 2, green: { 2: false }, waits: [] },
    says: { 2: "**churn v1.1.0** stands at `production`" },
  },
  {
    ruling: "After the merge",
    name: "the verdict holds for the same run, also where it changed the evaluation",
    async play(town) {
      await town.open(2, { ...auc(0.8), "holdout.csv": "churned\n0\n1\n" });
      await town.merge(2);
    },
    ends: { production: "v1.1.0", trainings: 1, verdicts: { 2: "pass" }, waits: [] },
  },
  {
    ruling: "Again",
    name: "after /train --again the newest run counts, and the report says how many there were",
    async play(town) {
      await town.open(2, auc(0.8));
      town.service.world.memory.luck = " spread 0.3";
      await town.say(2, "/train --again");
      await town.merge(2);
    },
    ends: {
      production: "v1.0.0",
      trainings: 2,
      verdicts: { 2: "inconclusive" },
      green: { 2: false },
      waits: ["churn"],
    },
    says: { 2: "This recipe was trained 2 times; the newest run counts" },
  },
  {
    ruling: "Again",
    name: "what is registered is final",
    async play(town) {
      await town.open(2, auc(0.8));
      await town.merge(2);
      await town.revert(2, 3);
      await town.say(3, "/train --again");
    },
    ends: { production: "v1.1.0", trainings: 1, verdicts: { 3: "return" }, green: { 3: true } },
    says: { 3: "a registered run is final" },
  },
  {
    ruling: "Foreign workflow",
    name: "a run under a workflow that the default branch never carried is an error; merged, it is trained again",
    async play(town) {
      await town.open(2, { ...auc(0.8), ".github/workflows/trainyard.yml": "on: [push] # mine\n" });
      await town.merge(2);
    },
    ends: { production: "v1.0.0", trainings: 2, verdicts: { 2: "error" }, green: { 2: false }, waits: ["churn"] },
    says: { 2: "change the workflow in a pull request of its own" },
  },
  {
    ruling: "Foreign workflow",
    name: "a run under a workflow that the default branch never carried never counts later",
    async play(town) {
      await town.open(2, { ...auc(0.8), ".github/workflows/trainyard.yml": "on: [push] # mine\n" });
      await town.open(3, { ".github/workflows/trainyard.yml": "on: [push] # mine\n" });
      await town.merge(3);
      await town.open(4, auc(0.8));
    },
    ends: { production: "v1.0.0", trainings: 2, verdicts: { 4: "pass" }, green: { 2: false, 3: true, 4: true } },
  },
  {
    ruling: "Foreign workflow",
    name: "the pull request of init informs and is let through; its run counts once it is merged, and waits",
    empty: true,
    async play(town) {
      await town.open(2, localFiles(0.7));
      if (!town.service.verdicts.get(town.service.pull(2).head.sha)) throw new Error("The job verdict is red");
      await town.merge(2);
      await town.sayWhereItWaits("/promote churn -- a start");
    },
    ends: { production: "v1.0.0", trainings: 1, waits: [] },
    says: { 2: "for information" },
  },
  {
    ruling: "Forks",
    name: "its run is known to its own pull request alone, and trained again after the merge",
    async play(town) {
      await town.open(2, auc(0.8), { fork: true });
      await town.wake();
      await town.open(3, auc(0.8));
      town.close(3);
      town.expire();
      await town.merge(2);
      await town.sayWhereItWaits("/promote");
    },
    ends: { production: "v1.1.0", trainings: 3, verdicts: { 2: "pass" }, comments: { 2: 2, 3: 1 }, waits: [] },
    says: { 2: "it comes from a fork" },
  },
  {
    ruling: "Forks",
    name: "a first one waits for an approval, and /train is no way around it",
    async play(town) {
      await town.open(2, auc(0.8), { fork: true, held: true });
      await town.wake();
      await town.say(2, "/train");
      await town.approve(2);
      await town.wake();
    },
    ends: { production: "v1.0.0", trainings: 1, verdicts: { 2: "pass" }, green: { 2: true }, comments: { 2: 2 } },
    says: { 2: "A fork is trained by its own workflow run only" },
  },
  {
    ruling: "Merge queue",
    name: "what was reviewed is let through with no training, and ships",
    async play(town) {
      town.service.world.memory.queue = true;
      await town.open(2, auc(0.8));
      await town.queue(2);
    },
    ends: { production: "v1.1.0", trainings: 1, verdicts: { 2: "pass" }, waits: [] },
  },
  {
    ruling: "Merge queue",
    name: "a stale one whose last verdict was green may enter, and its group is trained and ships",
    async play(town) {
      town.service.world.memory.queue = true;
      await town.open(2, auc(0.8));
      await town.open(3, otherwise);
      await town.queue(2);
      if (!town.isGreen(town.service.pull(3).head.sha)) throw new Error("It may not enter the queue");
      await town.queue(3);
    },
    ends: { production: "v1.2.0", trainings: 3, verdicts: { 2: "pass", 3: "pass" }, waits: [] },
    says: { 3: "may be queued" },
  },
  {
    ruling: "Merge queue",
    name: "two that meet there are judged together, and ship as reviewed",
    async play(town) {
      town.service.world.memory.queue = true;
      await town.open(2, auc(0.8));
      await town.open(3, otherwise);
      await town.queue(2, 3);
    },
    ends: { production: "v1.1.0", trainings: 3, waits: [] },
  },
  {
    ruling: "Merge queue",
    name: "what a fork trained is trained again by its group, and ships",
    async play(town) {
      town.service.world.memory.queue = true;
      await town.open(2, auc(0.8), { fork: true });
      await town.wake();
      await town.queue(2);
    },
    ends: { production: "v1.1.0", trainings: 2, verdicts: { 2: "pass" }, waits: [] },
  },
  {
    ruling: "Merge queue",
    name: "an acceptance holds in a group, too",
    async play(town) {
      town.service.world.memory.queue = true;
      await town.open(2, auc(0.7, 0.05));
      await town.say(2, "/accept");
      await town.queue(2);
    },
    ends: { production: "v1.1.0", trainings: 1, verdicts: { 2: "inconclusive" }, waits: [] },
  },
  {
    ruling: "Merge queue",
    name: "a group that is worse is red, says so on its pull request, and is not merged",
    async play(town) {
      town.service.world.memory.queue = true;
      await town.open(2, auc(0.8));
      await town.push(config("{}", ["at-least: 0.6", "at-least: 0.9"]));
      if (await town.queue(2)) throw new Error("The group was let through");
    },
    ends: { production: "v1.0.0", trainings: 1, green: { 2: false }, comments: { 2: 2 } },
    says: { 2: "In the merge queue, on top of" },
  },
  {
    ruling: "One head",
    name: "/train speaks for the head it was said about",
    async play(town) {
      await town.push(config("{}", ["model: model.txt }", "model: model.txt, when: command }"]));
      await town.open(2, auc(0.8));
      const { sha } = town.service.pull(2).head;
      await town.change(2, auc(0.9));
      await town.say(2, `/train ${sha.slice(0, 12)}`);
      if (town.service.trainings > 0) throw new Error("Another head was trained");
      await town.say(2, "/train");
    },
    ends: { production: "v1.0.0", trainings: 1, verdicts: { 2: "pass" }, green: { 2: true } },
    says: { 2: "look at it again" },
  },
  {
    ruling: "One head",
    name: "`when:` is the base branch's: a pull request starts no training by taking it out",
    async play(town) {
      await town.push(config("{}", ["model: model.txt }", "model: model.txt, when: ready }"]));
      await town.open(2, { ...auc(0.8), ...config() }, { draft: true });
      if (town.service.trainings > 0) throw new Error("A draft was trained");
      await town.ready(2);
      await town.merge(2);
    },
    ends: { production: "v1.1.0", trainings: 1, verdicts: { 2: "pass" }, green: { 2: true }, waits: [] },
  },
];
