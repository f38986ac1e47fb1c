import { configPath } from "#core/config/config.ts";
import { parseCommitSha, type CommitSha } from "#core/names.ts";
import { localFiles } from "#test/flow/local/local-loop.ts";
import { LocalWorld } from "#test/flow/local/local-world.ts";
import type { StoredPull } from "#test/flow/local/memory.ts";
import { newPull } from "#test/flow/local/memory-ports.ts";
import { mergeFiles, Repository, type Files, type Made } from "./repository.ts";
import { Shells } from "./shells.ts";
import type { ModelSpec, Spec } from "./spec.ts";
import type { Ending } from "./work.ts";

/** What is so all day long. */
export type Settings = {
  writer: "app" | "actions";
  stages: readonly string[];
  combinations: "wait" | "gate";
  when: ModelSpec["when"];
  /** does the service make test merges in time? */
  testMerges: boolean;
  queue: boolean;
  /** two models that share their recipe, from the beginning */
  twins: boolean;
  /** does the same recipe give the same bytes? */
  sameLuck: boolean;
};

export const paths = {
  params: "params.txt",
  code: "train.sh",
  data: "train.csv",
  holdout: "holdout.csv",
  readme: "README.md",
  workflow: ".github/workflows/trainyard.yml",
} as const;

/** A repository, the people's clones of it, and the shells that work for it. What people do to it makes things happen. */
export class Town {
  readonly world = new LocalWorld();
  readonly repo: Repository;
  readonly shells: Shells;
  readonly settings: Settings;
  /** what the merge queue has made and not merged yet, in its order */
  groups: { head: CommitSha; pull: number }[] = [];
  #count = 0;

  constructor(settings: Settings) {
    this.settings = settings;
    this.repo = new Repository(this.world);
    this.shells = new Shells(
      this.world,
      () => settings.writer,
      () => (settings.sameLuck ? "" : ` luck ${this.count()}`),
    );
    this.world.memory.queue = settings.queue;
    this.world.memory.writers = ["ada"];
    const files = new Map(Object.entries(localFiles(0.72)));
    files.set(configPath, this.repo.write(beginning(settings)));
    const start = this.repo.commit([], files, "Start");
    this.moveMain(start.sha);
  }

  /** A number that nobody has had yet. */
  count(): number {
    this.#count += 1;
    return this.#count;
  }

  get pulls(): readonly StoredPull[] {
    return this.world.memory.pulls;
  }

  get open(): readonly StoredPull[] {
    return this.pulls.filter(({ state }) => state === "open");
  }

  pull(number: number): StoredPull {
    const pull = this.pulls.find((one) => one.number === number);
    if (pull === undefined) throw new Error(`There is no #${number}`);
    return pull;
  }

  get spec(): Spec {
    return this.repo.spec(this.repo.main.files);
  }

  /** What merging a commit into the default branch would make. */
  mergedWith(head: CommitSha, main: Made = this.repo.main): ReturnType<typeof mergeFiles> {
    const base = this.repo.mergeBase(main.sha, head);
    return mergeFiles(base.files, main.files, this.repo.get(head).files);
  }

  moveMain(sha: CommitSha, ending: Ending = "well"): void {
    this.repo.setBranch("main", sha);
    for (const pull of this.open) this.#refresh(pull);
    this.shells.queue.push({ kind: "push" });
    this.shells.startRun({ kind: "push" }, ending);
  }

  /** What the service finds out by itself: can it be merged, and into what? */
  #refresh(pull: StoredPull): void {
    const main = this.repo.main;
    const { files, conflict } = this.mergedWith(pull.head.sha);
    pull.mergeable = !conflict;
    pull.testMerge = undefined;
    if (conflict || !this.settings.testMerges) return;
    const before = main.files;
    const changed = Object.fromEntries(
      [...new Set([...before.keys(), ...files.keys()])].map((path) => [path, files.get(path)]),
    );
    pull.testMerge = this.world.git.commit({
      parents: [main.sha, pull.head.sha],
      files: changed,
      message: "Test merge",
    });
  }

  /** Something happened to a pull request: a webhook for the app, a run of the workflow. */
  pullEvent(number: number, action: string, ending: Ending = "well"): void {
    this.#refresh(this.pull(number));
    this.shells.queue.push({ kind: "pull", number, action, at: this.world.now() });
    // as in docs/workflow.yml, with "labeled" where the config waits for a label
    const starts = ["opened", "synchronize", "reopened", "ready_for_review", "labeled"].includes(action);
    if (starts && this.pull(number).mergeable === true) this.shells.startRun({ kind: "pull", number }, ending);
  }

  openPull(
    title: string,
    files: Files,
    more: Partial<StoredPull> & { message?: string; ending?: Ending } = {},
  ): StoredPull {
    const number = this.world.memory.next++;
    const { message = title, ending = "well", ...rest } = more;
    const branch = `work-${number}`;
    const made = this.repo.commit([this.repo.main.sha], files, message);
    this.repo.setBranch(branch, made.sha);
    const pull = {
      ...newPull({ number, title, head: { sha: made.sha, ref: branch }, author: "ben" }),
      messages: [message],
      ...rest,
    };
    pull.base = { ref: "main", sha: this.repo.main.sha };
    this.world.memory.pulls.push(pull);
    this.pullEvent(number, "opened", ending);
    return pull;
  }

  /** Pull requests that the product opened: their commits and config become known to the clones. */
  meetRobots(): void {
    for (const pull of this.open) {
      if (this.repo.has(pull.head.sha)) continue;
      const made = this.repo.adopt(parseCommitSha(pull.head.sha));
      const text = made.files.get(configPath) ?? "";
      this.repo.learnSpec(text, readPins(text, this.spec));
      this.#refresh(pull);
      if (this.settings.writer === "app") this.pullEvent(pull.number, "opened");
    }
  }
}

/** The config of the default branch with the pins that stand in this text. */
function readPins(text: string, spec: Spec): Spec {
  const models = spec.models.map((model) => {
    const [, section = ""] = text.split(`\n  ${model.name}:\n`);
    const [own = ""] = section.split(/\n {2}\w+:\n/);
    return { ...model, pin: /pin: (v[\d.]+)/.exec(own)?.[1] };
  });
  return { ...spec, models };
}

function beginning({ writer, stages, combinations, when, twins }: Settings): Spec {
  const churn: ModelSpec = {
    name: "churn",
    was: undefined,
    score: "p",
    atLeast: 0.6,
    mayWorsen: 0.01,
    stages,
    combinations,
    pin: undefined,
    when,
  };
  return { writer, models: twins ? [churn, { ...churn, name: "twin" }] : [churn] };
}
