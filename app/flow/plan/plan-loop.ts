import type { Model } from "#core/config/config.ts";
import { mayTrain } from "#core/plan/may-train.ts";
import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import type { Approval, Decision } from "#core/promotion/decide.ts";
import type { CommandEffect } from "#flow/comment/outcome.ts";
import { findCold, type ColdModel } from "./find-cold.ts";
import { findDueWatches } from "./find-due-watches.ts";
import { observeDefault, type ObservedDefault } from "#flow/observe/observe-default.ts";
import type { ObservedModel } from "#flow/observe/observe-merged.ts";
import { observeGroup, type Group } from "#flow/group/observe-group.ts";
import { observePull } from "#flow/observe/observe-pull.ts";
import { environmentOf } from "#flow/promote/finish-moves.ts";
import { planRun } from "./plan-run.ts";
import { wasTried } from "./was-tried.ts";
import { parseCommitSha, parseModelName } from "#core/names.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";

/** What an event asks for, as far as planning is concerned. */
export type LoopTrigger =
  | { kind: "pull"; number: number }
  | { kind: "group"; head: string; ref: string }
  /** `before`: what the branch was before the push, where the event says so */
  | { kind: "push"; before?: string | undefined }
  /** `run`: the one that asks */
  | { kind: "watch"; forced: boolean; model: string | undefined; run?: number }
  | { kind: "train"; pull: number; head: string; again: boolean }
  | { kind: "compare"; pull: number; head: string }
  | { kind: "promote"; model: string; subject: string; stage: string; by: string; why: string }
  | { kind: "comment" }
  | { kind: "nothing"; because: string };

/** What the jobs of one run of the loop will do. */
export type LoopPlan = {
  plan: PlanRecord | undefined;
  promote: readonly { model: string; environment: string }[];
  approval: Approval | undefined;
  watch: readonly string[];
  /** models whose set-up is run once more, so that what it leaves is there for every pull request */
  warm: readonly ColdModel[];
  writer: "actions" | "app";
  /** is there something for the report job to say? */
  report: boolean;
  /** is production what the default branch says, and nothing waits? Only asked where the default branch is looked at */
  settled: boolean;
  /** for the log */
  says: readonly string[];
};

const idle: LoopPlan = {
  plan: undefined,
  promote: [],
  approval: undefined,
  watch: [],
  warm: [],
  writer: "actions",
  report: false,
  settled: true,
  says: [],
};

/** Reads the truth behind an event and plans the jobs of this run. Writes nothing. */
export async function planLoop(
  ports: Ports,
  trigger: LoopTrigger,
  effect: CommandEffect | undefined,
): Promise<LoopPlan> {
  switch (trigger.kind) {
    case "pull":
      return await planPull(ports, trigger.number, { head: undefined, ask: "event", again: false });
    case "group":
      return await planGroup(ports, { head: parseCommitSha(trigger.head), ref: trigger.ref });
    case "compare":
      return await planPull(ports, trigger.pull, { head: trigger.head, ask: "compare", again: false });
    case "train":
      return await planPull(ports, trigger.pull, { head: trigger.head, ask: "train", again: trigger.again });
    case "push":
      return await planDefault(ports, undefined, trigger.before);
    case "promote":
      // Nobody's word: whatever may ship without one.
      if (trigger.by === "") return await planDefault(ports, undefined);
      await demandWord(ports, trigger);
      return await planDefault(ports, {
        model: parseModelName(trigger.model),
        subject: trigger.subject === "" ? undefined : trigger.subject,
        stage: trigger.stage === "" ? undefined : trigger.stage,
        by: trigger.by,
        why: trigger.why,
      });
    case "watch":
      return await planWatch(ports, trigger);
    case "comment":
      if (effect?.kind === "promote") return await planDefault(ports, effect.approval);
      if (effect?.kind === "train")
        return await planPull(ports, effect.pull, { head: effect.head, ask: "train", again: effect.again });
      return { ...idle, says: ["The comment asks for nothing."] };
    case "nothing":
      return { ...idle, says: [`Nothing to do: ${trigger.because}.`] };
  }
}

/** A word to promote is that of somebody who may write, asked now, and about exact bytes: the input is anybody's. */
async function demandWord(ports: Ports, { by, subject }: Extract<LoopTrigger, { kind: "promote" }>): Promise<void> {
  if (!(await ports.people.mayWrite(by)))
    throw new Error(
      `"${by.slice(0, 100)}" may not write to this repository: only people who may can let a model go on`,
    );
  if (!/^[0-9a-f]{7,64}$/.test(subject))
    throw new Error(`"${subject.slice(0, 100)}" is no digest: give "digest" the one of what waits, as its issue says`);
}

async function planPull(
  ports: Ports,
  number: number,
  asked: { head: string | undefined; ask: "event" | "compare" | "train"; again: boolean },
): Promise<LoopPlan> {
  const observed = await observePull(ports, number);
  const { pull, base, outcome } = observed;
  if (asked.head !== undefined && pull.head.sha !== asked.head) {
    throw new Error(
      `#${number} moved: its head is ${pull.head.sha}, asked was ${asked.head.slice(0, 64)}. Ask again for the new head`,
    );
  }
  if (pull.state === "closed") throw new Error(`#${number} is closed: nothing is trained for it`);
  if (asked.ask === "train" && pull.fork)
    throw new Error(`#${number} comes from a fork: only its own workflow run may train it`);
  const before = await readSnapshot(ports.repository, base, base);
  const writer = before.kind === "snapshot" ? before.snapshot.config.writer : "actions";
  // The same head may be that of a pull request onto the default branch, which a green job would speak for.
  if (outcome.kind === "elsewhere") {
    throw new Error(
      `#${number} is not judged: ${outcome.because}. Write "branches:" below "pull_request:" in the workflow, so that it does not run`,
    );
  }
  if (outcome.kind !== "models") return { ...idle, writer, report: true, says: [`#${number}: ${outcome.kind}.`] };
  const train = (judge: Model): boolean => asked.ask === "train" || (asked.ask === "event" && mayTrain(judge, pull));
  const plan = planRun({
    pull: number,
    head: pull.head.sha,
    base,
    objects: outcome.objects,
    baseTree: before.kind === "snapshot" ? before.snapshot.tree : undefined,
    mergedTree: outcome.merged.tree,
    models: asked.again ? outcome.models.map(forget) : outcome.models,
    train,
  });
  if (asked.ask === "compare" && pull.fork && plan.tasks.some(({ role }) => role === "candidate"))
    throw new Error(`#${number} comes from a fork: only its own workflow run may have its model predict`);
  const says = outcome.models.map(
    ({ change, facts }) => `${change.name}: ${change.kind}${facts.candidate === undefined ? "" : ", run known"}`,
  );
  return { ...idle, plan: asked.again ? startAfresh(plan) : plan, writer, report: true, says };
}

/** Whoever asks for another training asks for all of it. */
function startAfresh(plan: PlanRecord): PlanRecord {
  const tasks = plan.tasks.map((task): Task => {
    const checkpoint = task.train?.checkpoint;
    if (task.train === null || checkpoint === undefined) return task;
    return { ...task, train: { ...task.train, checkpoint: { ...checkpoint, afresh: true } } };
  });
  return { ...plan, tasks };
}

/** A group of a merge queue: what it makes is trained, whatever a push waits for. */
async function planGroup(ports: Ports, group: Group): Promise<LoopPlan> {
  const { head, base, outcome } = await observeGroup(ports, group, []);
  const before = await readSnapshot(ports.repository, base, base);
  const writer = before.kind === "snapshot" ? before.snapshot.config.writer : "actions";
  if (outcome.kind !== "models") return { ...idle, writer, report: true, says: [`The group: ${outcome.kind}.`] };
  const plan = planRun({
    pull: undefined,
    head,
    base,
    objects: [head, base],
    baseTree: before.kind === "snapshot" ? before.snapshot.tree : undefined,
    mergedTree: outcome.merged.tree,
    models: outcome.models,
    train: () => true,
  });
  const says = outcome.models.map(({ change }) => `${change.name}: ${change.kind} in the merge queue`);
  return { ...idle, plan, writer, report: true, says };
}

/** As if its recipe had never been trained. A registered run is final: it is not trained again. */
function forget({ change, facts }: ObservedModel): ObservedModel {
  if (facts.registered !== undefined) return { change, facts };
  return { change, facts: { ...facts, candidate: undefined, comparisons: [], failures: [] } };
}

async function planDefault(ports: Ports, approval: Approval | undefined, before?: string): Promise<LoopPlan> {
  const observed = await observeDefault(ports, { approval, failures: [], expecting: false });
  const { snapshot } = observed;
  if (snapshot === undefined)
    return { ...idle, report: observed.problem !== undefined, says: [observed.problem ?? "There is no config."] };
  const promote = findPromotions(observed);
  const open = observed.models.filter(({ decision }) => decision.kind === "work");
  const plan = planRun({
    pull: undefined,
    head: observed.head,
    base: observed.head,
    objects: [observed.head],
    baseTree: snapshot.tree,
    mergedTree: snapshot.tree,
    models: open,
    train: () => true,
  });
  const says = observed.models.map(
    ({ change, decision }) => `${change.name}: ${decision.kind}${"because" in decision ? `, ${decision.because}` : ""}`,
  );
  const trained = new Set(plan.tasks.flatMap(({ model, train }) => (train === null ? [] : [model])));
  const warm = (await findCold(ports, snapshot, before)).filter(({ model }) => !trained.has(model));
  const settled = observed.retired.length === 0 && observed.models.every(({ decision }) => decision.kind === "current");
  return { ...idle, plan, promote, approval, warm, writer: snapshot.config.writer, report: true, settled, says };
}

/** One job a model: what has to be moved, or said. */
function findPromotions({ models, retired }: ObservedDefault): LoopPlan["promote"] {
  const found = new Map<string, string>();
  for (const { change, decision } of models) {
    if (!("moves" in decision) && decision.kind !== "promote") continue;
    const environment = findEnvironment(change.judge, decision);
    if (environment !== "" || !found.has(change.name)) found.set(change.name, environment);
  }
  for (const { name, decision } of retired) if (decision.kind === "unassign") found.set(name, "");
  return [...found].map(([model, environment]) => ({ model, environment }));
}

/** A job that moves the last stage waits for the rules of the environment that the config names. */
function findEnvironment(
  judge: Model,
  decision: Extract<Decision, { kind: "promote" | "grow" | "finish" | "rename" }>,
): string {
  const stages = decision.kind === "promote" ? decision.stages : decision.moves.map(({ stage }) => stage);
  return stages.map((stage) => environmentOf(judge, stage)).find((name) => name !== undefined) ?? "";
}

/**
 * What the clock asks for: watches that are due, and whatever an event was lost about, on the default branch and on pull
 * requests. Nothing is trained while another run may be at it.
 */
async function planWatch(ports: Ports, trigger: Extract<LoopTrigger, { kind: "watch" }>): Promise<LoopPlan> {
  const { name, head } = await ports.repository.defaultBranch();
  const read = await readSnapshot(ports.repository, head, head);
  if (read.kind !== "snapshot") return { ...idle, says: ["There is no config that could be read."] };
  const { config } = read.snapshot;
  const watch = await findDueWatches(ports, config, trigger);
  const says = [watch.length === 0 ? "No watch is due." : `Watching ${watch.join(", ")}.`];
  if (trigger.forced) return { ...idle, watch, writer: config.writer, report: watch.length > 0, says };
  const [open, lost] = [await ports.pulls.openOnto(name), await planDefault(ports, undefined)];
  const { plan } = lost;
  const isLost = plan !== undefined && plan.tasks.length > 0 && !(await wasTried(ports, head, plan, trigger.run));
  const report = watch.length > 0 || open.length > 0 || !lost.settled;
  return { ...lost, plan: isLost ? plan : undefined, watch, report, says: [...says, ...lost.says] };
}
