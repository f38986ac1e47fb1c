import type { CommitSha } from "#core/names.ts";
import type { Ports, WorkflowRun } from "#core/ports.ts";
import { readCommand } from "#core/command/read-command.ts";
import { answerComment } from "#flow/comment/answer-comment.ts";
import type { CommandEffect, WrittenComment } from "#flow/comment/outcome.ts";
import { startEffect } from "#flow/comment/start-effect.ts";
import { reconcileGroup } from "#flow/group/reconcile-group.ts";
import { lookOnly } from "#flow/look-only.ts";
import { planLoop, type LoopPlan, type LoopTrigger } from "#flow/plan/plan-loop.ts";
import { promoteDefault } from "#flow/promote/promote-default.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { sweepPulls } from "#flow/pull/sweep-pulls.ts";
import { reportRun } from "#flow/report-run.ts";
import { reportWatch } from "#flow/watch/report-watch.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";
import { work, type Ending, type Made } from "./work.ts";

/** What a workflow run is started by. */
export type RunTrigger = Exclude<LoopTrigger, { kind: "comment" }> | { kind: "comment"; comment: WrittenComment };

/** What happens: a run is to start, a webhook reaches the app. Webhooks about a run's end come from the run itself. */
export type Happening =
  | { kind: "run"; id: number; ending: Ending; trigger: RunTrigger }
  | { kind: "pull"; number: number; action: string; at: Date }
  | { kind: "push" }
  | { kind: "comment"; comment: WrittenComment }
  | { kind: "group"; head: CommitSha; ref: string }
  | { kind: "ended"; id: number };

/** One run that has been performed: what it was for, and what it trained. */
export type Performed = {
  id: number;
  trigger: RunTrigger;
  plan: LoopPlan["plan"];
  made: readonly Made[];
  ending: Ending;
};

/** Both shells of a repository whose config says who writes: the workflow's jobs, and the app. */
export class Shells {
  readonly queue: Happening[] = [];
  readonly performed: Performed[] = [];
  /** what a flow refused with a sentence that nobody foresaw */
  readonly surprises: string[] = [];
  /** wraps the ports of every process: where a bug is planted */
  wrap: (ports: Ports) => Ports = (ports) => ports;
  readonly #world: LocalWorld;
  readonly #writer: () => "app" | "actions";
  readonly #chooseLuck: () => string;

  constructor(world: LocalWorld, writer: () => "app" | "actions", chooseLuck: () => string) {
    this.#world = world;
    this.#writer = writer;
    this.#chooseLuck = chooseLuck;
  }

  /** Ports of a process that begins now. */
  ports(): Ports {
    const ports = this.#world.ports();
    const workflows: Ports["workflows"] = {
      ...ports.workflows,
      oursStart: this.#writer() === "app",
      dispatch: async (inputs) => {
        this.#world.memory.dispatches.push(inputs);
        const trigger = readDispatch(inputs);
        const run = this.startRun(trigger, "well");
        return await Promise.resolve({ run });
      },
    };
    return this.wrap({ ...ports, workflows });
  }

  /** A workflow run that is queued: it will be performed in its turn. */
  startRun(trigger: RunTrigger, ending: Ending): number {
    const { memory } = this.#world;
    const id = memory.next++;
    memory.runs.push(this.#describe(id, trigger));
    this.queue.push({ kind: "run", id, ending, trigger });
    return id;
  }

  #describe(id: number, trigger: RunTrigger): WorkflowRun {
    const own = trigger.kind === "pull" ? this.#pull(trigger.number) : undefined;
    const group = trigger.kind === "group" ? trigger : undefined;
    return {
      id,
      createdAt: this.#world.now(),
      attempt: 1,
      event: eventOf(trigger),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was parsed when the group was made
      head: own?.head.sha ?? ((group?.head ?? this.#world.head) as CommitSha),
      branch: own?.head.ref ?? group?.ref ?? "main",
      path: ".github/workflows/trainyard.yml",
      status: "queued",
      conclusion: undefined,
      // the service names no pull request for a fork's run
      pull: own?.fork === true ? undefined : own?.number,
      fork: own?.fork ?? false,
      url: `https://github.test/runs/${id}`,
    };
  }

  #pull(number: number): LocalWorld["memory"]["pulls"][number] {
    const pull = this.#world.memory.pulls.find((one) => one.number === number);
    if (pull === undefined) throw new Error(`There is no #${number}`);
    return pull;
  }

  /** Does all that is queued, and all that comes of it. */
  async settle(lose: (happening: Happening) => boolean = () => false): Promise<void> {
    for (let count = 0; this.queue.length > 0; count++) {
      const next = this.queue.shift();
      if (count > 80) {
        this.surprises.push("it does not come to rest: more than 80 things happened after one step");
        this.queue.length = 0;
        return;
      }
      if (next !== undefined && lose(next)) this.#drop(next);
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      else if (next !== undefined) await this.#handle(next);
    }
  }

  /** It never happened: a run that was not started is nowhere. */
  #drop(happening: Happening): void {
    const { memory } = this.#world;
    if (happening.kind === "run") memory.runs = memory.runs.filter(({ id }) => id !== happening.id);
  }

  async #handle(happening: Happening): Promise<void> {
    this.#world.memory.minutes += 1;
    try {
      if (happening.kind === "run") await this.#perform(happening);
      else if (this.#writer() === "app") await this.#tellApp(happening);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      if (!foreseen.test(said))
        this.surprises.push(`${happening.kind}: ${error instanceof Error ? error.stack : said}`);
    }
  }

  /** As app/handlers do it. */
  async #tellApp(happening: Exclude<Happening, { kind: "run" }>): Promise<void> {
    const ports = this.ports();
    switch (happening.kind) {
      case "pull": {
        const { number, action, at } = happening;
        if (!["opened", "synchronize", "reopened", "ready_for_review", "edited"].includes(action)) return;
        const since = at;
        await reconcilePull(ports, number, {
          runStarts: action !== "edited",
          since,
          finishedRun: undefined,
          dispatch: true,
        });
        return;
      }
      case "push":
        await sweepPulls(ports);
        return;
      case "comment":
        await answerComment(ports, happening.comment, async (effect) => await startEffect(ports, effect, "app"));
        return;
      case "group":
        await reconcileGroup(ports, happening, { runStarts: true, finishedRun: undefined });
        return;
      case "ended":
        await reportRun(ports, happening.id);
    }
  }

  /** As the jobs of loop.yml do it: plan, train, promote, report. */
  async #perform({ id, ending, trigger }: Extract<Happening, { kind: "run" }>): Promise<void> {
    const run = this.#world.memory.runs.find((one) => one.id === id);
    if (run === undefined) throw new Error(`There is no run ${id}`);
    const end = (conclusion: "success" | "failure"): void => {
      Object.assign(run, { status: "completed", conclusion });
      if (this.#writer() === "app") this.queue.push({ kind: "ended", id });
    };
    run.status = "in_progress";
    try {
      const loop = await this.#plan(trigger);
      this.#world.memory.luck = this.#chooseLuck();
      const { plan } = loop;
      const made = plan === undefined ? [] : await work(this.#world, this.ports(), plan, { id, ending });
      this.performed.push({ id, trigger, plan, made, ending });
      if (ending === "lost") {
        end("failure");
        return;
      }
      for (const { model } of loop.promote) {
        const freight = this.#world.freight();
        // oxlint-disable-next-line no-await-in-loop -- max-parallel: 1
        await promoteDefault(this.ports(), freight, loop.approval, model);
      }
      if (loop.report && loop.writer === "actions") await this.#report(trigger, id);
      end(ending === "well" ? "success" : "failure");
    } catch (error) {
      end("failure");
      throw error;
    }
  }

  async #plan(trigger: RunTrigger): Promise<LoopPlan> {
    const ports = this.ports();
    if (trigger.kind !== "comment") return await planLoop(ports, trigger, undefined);
    const { comment } = trigger;
    let effect: CommandEffect | undefined;
    if (comment.body.startsWith("/") && !isTalk(comment.body) && this.#writer() === "actions")
      await answerComment(ports, comment, async (asked) => await Promise.resolve(void (effect = asked)));
    const planned = await planLoop(ports, { kind: "comment" }, effect);
    return isTalk(comment.body) ? { ...planned, report: true } : planned;
  }

  async #report(trigger: RunTrigger, id: number): Promise<void> {
    const ports = this.ports();
    const options = { runStarts: false, finishedRun: id };
    switch (trigger.kind) {
      case "pull":
        if (this.#pull(trigger.number).fork)
          await reconcilePull(lookOnly(ports), trigger.number, { ...options, dispatch: false });
        else await reconcilePull(ports, trigger.number, { ...options, dispatch: true });
        return;
      case "group":
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was parsed when the group was made
        await reconcileGroup(ports, { head: trigger.head as CommitSha, ref: trigger.ref }, options);
        return;
      case "train":
      case "compare":
        await reconcilePull(ports, trigger.pull, { ...options, dispatch: false });
        return;
      case "comment": {
        const { comment } = trigger;
        if (isTalk(comment.body)) {
          await answerComment(ports, comment, async (effect) => await startEffect(ports, effect, "actions"));
          return;
        }
        if (comment.isPull && isTrain(comment.body)) {
          await reconcilePull(ports, comment.issue, { ...options, dispatch: false });
          return;
        }
        await this.#reportDefault(id);
        return;
      }
      case "push":
      case "promote":
        await this.#reportDefault(id);
        return;
      case "watch":
        await reportWatch(ports, id);
        await this.#reportDefault(id);
        return;
      case "nothing":
    }
  }

  async #reportDefault(id: number): Promise<void> {
    const ports = this.ports();
    await reconcileDefault(ports, { finishedRun: id });
    await sweepPulls(ports);
  }
}

/** What a run refuses, as it should, where something else came first. */
const foreseen = /is closed: nothing|moved: its head|comes from a fork|may not write/;

function isTalk(body: string): boolean {
  const read = readCommand(body);
  return read.kind === "command" && read.command.kind !== "train" && read.command.kind !== "promote";
}

function isTrain(body: string): boolean {
  const read = readCommand(body);
  return read.kind === "command" && read.command.kind === "train";
}

function eventOf({ kind }: RunTrigger): string {
  const events: Readonly<Record<string, string>> = {
    pull: "pull_request",
    group: "merge_group",
    push: "push",
    comment: "issue_comment",
    watch: "schedule",
  };
  return events[kind] ?? "workflow_dispatch";
}

function readDispatch(inputs: Readonly<Record<string, string>>): RunTrigger {
  const { command = "", pull = "", head = "", model = "", stage = "", by = "", why = "" } = inputs;
  if (command === "compare") return { kind: "compare", pull: Number(pull), head };
  if (command === "train") return { kind: "train", pull: Number(pull), head, again: inputs["again"] === "true" };
  return { kind: "promote", model, subject: inputs["digest"] ?? "", stage, by, why };
}
