import { parseModelName } from "#core/names.ts";
import type { Approval } from "#core/promotion/decide.ts";
import { promoteDefault, type PromotionOutcome } from "#flow/promote/promote-default.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import type { LoopTrigger } from "#flow/plan/plan-loop.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import type { ObservedDefault } from "#flow/observe/observe-default.ts";
import { reconcilePull, type PullAnswer } from "#flow/pull/reconcile-pull.ts";
import { answerComment } from "#flow/comment/answer-comment.ts";
import type { CommandEffect, WrittenComment } from "#flow/comment/outcome.ts";
import { watchCalls, type Watcher } from "./kill.ts";
import { localFiles, runLoop } from "./local-loop.ts";
import { LocalWorld } from "./local-world.ts";
import { newPull } from "./memory-ports.ts";

export const churn = parseModelName("churn");
export const approval: Approval = { model: churn, subject: undefined, by: "ada", why: "a start" };

/** Has somebody on a machine of their own promote: a new process, whose calls are watched. */
export async function promote(world: LocalWorld, yes?: Approval, watcher: Watcher = ignore): Promise<PromotionOutcome> {
  const watched = watchCalls({ ...world.ports(), freight: world.freight() }, watcher);
  return await promoteDefault(watched, watched.freight, yes);
}

/** Has a new process look at a pull request, after a run of its that has ended. */
export async function reconcile(
  world: LocalWorld,
  pull: number,
  run: number,
  watcher: Watcher = ignore,
): Promise<PullAnswer> {
  const ports = watchCalls(world.ports(), watcher);
  return await reconcilePull(ports, pull, { runStarts: false, finishedRun: run, dispatch: true });
}

const ignore: Watcher = () => undefined;

/** v1.0.0 (auc 0.7) at every stage, and pull request 1 (auc 0.8) whose run 2 has ended and is not reported yet. */
export async function openWorld(options: { promote?: string } = {}): Promise<LocalWorld> {
  const world = new LocalWorld();
  world.commit("main", localFiles(0.7, options.promote), "Start");
  await runLoop(world, { kind: "push" }, 1);
  await reconcileDefault(world.ports(), { finishedRun: 1 });
  // one word a stage
  while ((await promote(world, approval)).promoted.length > 0);
  await openPull(world, 1, { "params.txt": "auc 0.8\n" });
  await runLoop(world, { kind: "pull", number: 1 }, 2, 1);
  return world;
}

/** Opens a pull request with these files; nothing has been run for it. */
export async function openPull(
  world: LocalWorld,
  number: number,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const branch = `work-${number}`;
  const sha = world.commit(branch, files, `Work ${number}`);
  world.memory.pulls.push(newPull({ number, title: `Work ${number}`, head: { sha, ref: branch }, author: "ben" }));
}

/** Merges with these files, as a squash would. */
export async function mergePull(
  world: LocalWorld,
  number: number,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const pull = world.memory.pulls.find((one) => one.number === number);
  if (pull === undefined) throw new Error(`There is no #${number}`);
  pull.mergeCommit = world.commit("main", files, `Work ${number} (#${number})`);
  Object.assign(pull, { state: "closed", merged: true });
}

/** Opens a pull request, and has it trained and judged. */
export async function reviewPull(
  world: LocalWorld,
  number: number,
  files: Readonly<Record<string, string>>,
): Promise<PullAnswer> {
  await openPull(world, number, files);
  const run = await runLoop(world, { kind: "pull", number }, 100 + number, number);
  return await reconcile(world, number, run);
}

/** Opens a pull request, has it trained, judged and merged. */
export async function shipPull(
  world: LocalWorld,
  number: number,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await reviewPull(world, number, files);
  await mergePull(world, number, files);
}

/** All that a run on the default branch does: plan, train, promote, report. Answers what it found in the end. */
export async function runDefault(
  world: LocalWorld,
  id: number,
  trigger: LoopTrigger = { kind: "push" },
): Promise<ObservedDefault> {
  const says = trigger.kind === "promote" && trigger.by !== "";
  const yes = says ? { model: churn, subject: undefined, by: trigger.by, why: trigger.why } : undefined;
  await runLoop(world, trigger, id);
  await promote(world, yes);
  return await reconcileDefault(world.ports(), { finishedRun: id });
}

/** What somebody wrote, just now. */
export function comment(world: LocalWorld, body: string, more: Partial<WrittenComment> = {}): WrittenComment {
  const id = world.memory.next++;
  return { id, issue: 1, isPull: true, body, author: "ada", bot: false, at: world.now(), ...more };
}

/** Has a comment answered; what it asks for is done by nobody, and told. */
export async function say(
  world: LocalWorld,
  body: string,
  more: Partial<WrittenComment> = {},
): Promise<{ effect: CommandEffect; answer: string }> {
  const written = comment(world, body, more);
  let effect: CommandEffect = { kind: "none" };
  await answerComment(world.ports(), written, async (asked) => await Promise.resolve(void (effect = asked)));
  return { effect, answer: told(world, written.issue) };
}

/** The last comment on an issue or pull request, without its marker. */
export function told(world: LocalWorld, issue: number): string {
  const body = world.memory.comments.findLast((one) => one.issue === issue)?.body ?? "";
  return body.split("\n\n<!--")[0] ?? "";
}

/** The version at a stage. */
export async function standing(world: LocalWorld, stage = "production"): Promise<string | undefined> {
  return (await (await readRegistry(world.ports().tags, { name: churn })).standing(stage)).standing?.version;
}
