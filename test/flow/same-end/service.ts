import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CommitSha } from "#core/names.ts";
import type { Ports, PullRequest, WorkflowRun } from "#core/ports.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";
import type { Found } from "#test/flow/nights/nights.ts";
import { readLocator } from "#test/flow/local/memory-releases.ts";

/** Who writes: the app's name, or the token of a workflow's job. */
export type Writer = "app" | "actions";

type Payload = Readonly<Record<string, unknown>>;
/** Something happened: whoever listens hears of it, and the run that it started, if any, is worked off. */
export type Happening = { event: string; payload: Payload; run: number | undefined };

const repository = {
  name: "shop",
  full_name: "ada/shop",
  owner: { login: "ada" },
  default_branch: "main",
};
const path = ".github/workflows/trainyard.yml";
const firstRun = 7_000_000;

/** Events and workflow runs of a repository in memory, as the service makes them of what people and we do. */
export class Service {
  readonly world: LocalWorld;
  /** what happened and nobody has heard of yet */
  readonly happened: Happening[] = [];
  /** what the required job `verdict` said last of a commit */
  readonly verdicts = new Map<string, boolean>();
  /** what failed in a job, or in the app */
  readonly problems: string[] = [];
  trainings = 0;
  /** the next run ends before it reports: its machine is lost */
  loses = false;
  /** what the next watch finds */
  found: Found | undefined;
  /** runs that a job's token started once more */
  readonly saysAgain = new Set<number>();
  #begun = new Map<number, Happening>();
  #words = 500;

  constructor(world: LocalWorld) {
    this.world = world;
  }

  copy(): Service {
    const copy = new Service(this.world.copy());
    copy.#begun = new Map(this.#begun);
    copy.#words = this.#words;
    for (const [head, green] of this.verdicts) copy.verdicts.set(head, green);
    return copy;
  }

  pull(number: number): LocalWorld["memory"]["pulls"][number] {
    const found = this.world.memory.pulls.find((pull) => pull.number === number);
    if (found === undefined) throw new Error(`There is no #${number}`);
    return found;
  }

  /** A pull request was opened or moved; `held`: its run waits for somebody's approval. */
  pullHappened(number: number, action: "opened" | "synchronize" | "ready_for_review", held = false): void {
    const pull = this.pull(number);
    const side = (id: number): Payload => ({ repo: { id } });
    const payload = {
      action,
      repository,
      pull_request: {
        number,
        updated_at: this.world.now().toISOString(),
        head: side(pull.fork ? 2 : 1),
        base: side(1),
      },
    };
    const more = { pull: pull.fork ? undefined : number, fork: pull.fork, held };
    this.#begin("pull_request", payload, { head: pull.head.sha, branch: pull.head.ref, ...more });
  }

  pushHappened(): void {
    this.#begin("push", { ref: "refs/heads/main", repository }, this.#main());
  }

  groupHappened(head: CommitSha, ref: string): void {
    const group = { head_sha: head, head_ref: `refs/heads/${ref}` };
    const payload = { action: "checks_requested", repository, merge_group: group };
    this.#begin("merge_group", payload, { head, branch: ref });
  }

  cronHappened(): void {
    this.#begin("schedule", { repository }, this.#main());
  }

  commentHappened(issue: number, body: string, login: string): void {
    const isPull = this.world.memory.pulls.some(({ number }) => number === issue);
    this.world.memory.minutes += 1;
    this.#words += 1;
    const payload = {
      action: "created",
      repository,
      issue: { number: issue, ...(isPull ? { pull_request: {} } : {}) },
      comment: {
        id: this.#words,
        body,
        created_at: this.world.now().toISOString(),
        user: { login, type: "User" },
      },
    };
    this.#begin("issue_comment", payload, this.#main());
  }

  /** "Re-run" was pressed: on the app's check, and on the pull request's own run. */
  rerunHappened(number: number): void {
    const check_run = { pull_requests: [{ number }] };
    this.happened.push({
      event: "check_run",
      payload: { action: "rerequested", repository, check_run },
      run: undefined,
    });
    const { sha } = this.pull(number).head;
    const run = this.world.memory.runs.findLast((one) => one.head === sha && one.event === "pull_request");
    if (run !== undefined) this.#again(run.id);
  }

  /** Somebody lets a run go that waited for it. */
  approve(number: number): void {
    const { sha } = this.pull(number).head;
    const held = this.world.memory.runs.filter((run) => run.head === sha && run.conclusion === "action_required");
    for (const { id } of held) this.#again(id, 1);
  }

  run(id: number): WorkflowRun {
    const run = this.world.memory.runs.find((one) => one.id === id);
    if (run === undefined) throw new Error(`There is no run ${id}`);
    return run;
  }

  /** What started a run. */
  startOf(id: number): Happening {
    const start = this.#begun.get(id);
    if (start === undefined) throw new Error(`Nobody knows what started run ${id}`);
    return start;
  }

  edit(id: number, change: Partial<WorkflowRun>): void {
    Object.assign(this.run(id), change);
  }

  /** A run has ended. */
  end(id: number): void {
    this.edit(id, { status: "completed", conclusion: "success" });
    const { event, attempt, head } = this.run(id);
    const workflow_run = { id, event, run_attempt: attempt, head_sha: head };
    this.happened.unshift({
      event: "workflow_run",
      payload: { action: "completed", repository, workflow_run },
      run: undefined,
    });
  }

  /** The service as this writer uses it: what it does there makes things happen, too. */
  ports(writer: Writer): Ports {
    const ports = this.world.ports();
    const { storage } = this.world;
    return {
      ...ports,
      pulls: {
        ...ports.pulls,
        open: async (draft) => {
          const pull: PullRequest = await ports.pulls.open(draft);
          // what a job's token opens waits for an approval
          this.pullHappened(pull.number, "opened", writer === "actions");
          return pull;
        },
      },
      workflows: {
        ...ports.workflows,
        oursStart: writer === "app",
        dispatch: async (inputs) => {
          await ports.workflows.dispatch(inputs);
          const sender = { login: writer === "app" ? "trainyard[bot]" : "github-actions[bot]", type: "Bot" };
          const payload = { ref: "refs/heads/main", repository, sender, inputs };
          return { run: this.#begin("workflow_dispatch", payload, this.#main()) };
        },
        sayAgain: async (run) => {
          if (writer === "app") return;
          this.#again(run);
          this.saysAgain.add(run);
          await Promise.resolve();
        },
      },
      bytes: {
        ...ports.bytes,
        fetch: async (locator, folder) => {
          const found = readLocator(storage, locator);
          for (const [name, text] of found ?? []) {
            const file = join(folder, name);
            await mkdir(dirname(file), { recursive: true });
            await writeFile(file, text);
          }
          return found === undefined ? undefined : [...found.keys()];
        },
      },
      releases: {
        ...ports.releases,
        upload: async (release, name, file) => {
          this.world.keepFile(file, await readFile(file, "utf8"));
          await ports.releases.upload(release, name, file);
        },
      },
    };
  }

  #main(): { head: CommitSha; branch: string } {
    return { head: this.world.head, branch: "main" };
  }

  #begin(
    event: string,
    payload: Payload,
    at: { head: CommitSha; branch: string; pull?: number | undefined; fork?: boolean; held?: boolean },
  ): number {
    const { runs } = this.world.memory;
    const { held = false, head, branch, pull, fork = false } = at;
    const id = firstRun + runs.length + 1;
    const state = held
      ? { status: "completed", conclusion: "action_required" }
      : { status: "queued", conclusion: undefined };
    const url = `https://github.test/runs/${id}`;
    runs.push({ id, createdAt: this.world.now(), attempt: 1, event, head, branch, path, ...state, pull, fork, url });
    this.happened.push({ event, payload, run: held ? undefined : id });
    this.#begun.set(id, { event, payload, run: id });
    return id;
  }

  /** The same run once more; nobody hears of it before it has ended. */
  #again(id: number, attempt = this.run(id).attempt + 1): void {
    this.edit(id, { status: "queued", conclusion: undefined, attempt });
    this.saysAgain.delete(id);
    this.happened.push({ event: "", payload: {}, run: id });
  }
}
