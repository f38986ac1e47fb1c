import { configPath } from "#core/config/config.ts";
import { mergeTrees } from "#core/identity/merged-tree.ts";
import type { Tree } from "#core/identity/tree.ts";
import { parseCommitSha, type CommitSha } from "#core/names.ts";
import type { Found } from "#test/flow/nights/nights.ts";
import { newPull } from "#test/flow/local/memory-ports.ts";
import { runJobs } from "./run-jobs.ts";
import type { Service, Writer } from "./service.ts";
import { actionsShell, appShell, type Shell } from "./shells.ts";

type Files = Readonly<Record<string, string | undefined>>;

/**
 * What people do in a repository. Each call returns when everything that came of it is done: the app
 * hears of an event before the run that it started has begun, unless it is late.
 */
export class Town {
  readonly service: Service;
  readonly writer: Writer;
  readonly #folder: string;
  readonly #shell: Shell;
  /** the app hears of an event only when the run that it started has ended */
  readonly #late: boolean;

  constructor(service: Service, writer: Writer, folder: string, late = false) {
    this.service = service;
    this.writer = writer;
    this.#folder = folder;
    this.#late = late;
    this.#shell = writer === "app" ? appShell(service) : actionsShell;
  }

  /** Commits straight to the default branch. */
  async push(files: Files, message = "Straight to main"): Promise<void> {
    this.#world.commit("main", this.#written(files), message);
    this.service.pushHappened();
    await this.settle();
  }

  /** The same, while nobody looks: another push comes before its run has begun. */
  pushUnheard(files: Files, message = "Straight to main"): void {
    this.#world.commit("main", this.#written(files), message);
    this.service.pushHappened();
  }

  async open(
    number: number,
    files: Files,
    more: { fork?: boolean; draft?: boolean; held?: boolean } = {},
  ): Promise<void> {
    this.openUnheard(number, files, more);
    await this.settle();
  }

  /** The same, while nobody looks. */
  openUnheard(number: number, files: Files, more: { fork?: boolean; draft?: boolean; held?: boolean } = {}): void {
    const { fork = false, draft = false, held = false } = more;
    const branch = `work-${number}`;
    const message = `Work ${number}`;
    const sha = this.#world.commit(branch, this.#written(files), message);
    const author = fork ? "stranger" : "ben";
    const pull = newPull({ number, title: message, head: { sha, ref: branch }, author, fork });
    this.#world.memory.pulls.push({ ...pull, draft });
    this.service.pullHappened(number, "opened", held);
  }

  /** Commits to the branch of a pull request. */
  async change(number: number, files: Files, message = "More"): Promise<void> {
    const pull = this.service.pull(number);
    this.#move(number, this.#world.commit(pull.head.ref, this.#written(files), message), message);
    await this.settle();
  }

  /** Presses "Update branch". */
  async update(number: number): Promise<void> {
    const { head } = this.service.pull(number);
    const message = `Merge main into ${head.ref}`;
    const tree = this.#merge(this.#world.head, head.sha);
    this.#move(number, this.#commit({ parents: [head.sha, this.#world.head], tree, message }), message);
    await this.settle();
  }

  async ready(number: number): Promise<void> {
    this.service.pull(number).draft = false;
    this.service.pullHappened(number, "ready_for_review");
    await this.settle();
  }

  async merge(number: number, how: "merge" | "squash" = "merge"): Promise<void> {
    const { head, title } = this.service.pull(number);
    const main = this.#world.head;
    const tree = this.#merge(main, head.sha);
    const parents = how === "merge" ? [main, head.sha] : [main];
    this.#land(number, this.#commit({ parents, tree, message: `${title} (#${number})` }));
    this.service.pushHappened();
    await this.settle();
  }

  /** Presses "Revert" on a merged pull request, which opens another one. */
  async revert(number: number, as: number): Promise<void> {
    const { mergeCommit, title } = this.service.pull(number);
    const before = this.#git.commitOf(mergeCommit ?? "")?.parents[0];
    if (mergeCommit === undefined || before === undefined) throw new Error(`#${number} is not merged`);
    const tree = merged(this.#git.tree(this.#world.head), this.#git.tree(mergeCommit), this.#git.tree(before));
    const message = `Revert "${title} (#${number})"\n\nThis reverts commit ${mergeCommit}.`;
    const sha = this.#commit({ parents: [this.#world.head], tree, message });
    const head = { sha, ref: `revert-${number}` };
    this.#git.setRef(`refs/heads/${head.ref}`, sha);
    const pull = newPull({ number: as, title: `Revert "${title}"`, head, author: "ada" });
    this.#world.memory.pulls.push({ ...pull, messages: [message] });
    this.service.pullHappened(as, "opened");
    await this.settle();
  }

  close(number: number): void {
    this.service.pull(number).state = "closed";
  }

  async say(issue: number, body: string, login = "ada"): Promise<void> {
    this.service.commentHappened(issue, body, login);
    await this.settle();
  }

  /** Says a word on the open issue that tells what waits. */
  async sayWhereItWaits(body: string, model = "churn"): Promise<void> {
    const issue = this.#world.memory.issues.find(
      ({ title, state }) => state === "open" && title === `${model} waits for /promote`,
    );
    if (issue === undefined) throw new Error(`Nothing of "${model}" waits`);
    await this.say(issue.number, body);
  }

  /** Puts pull requests into the merge queue, each on top of the one before; merges them where all groups are green. */
  async queue(...numbers: readonly number[]): Promise<boolean> {
    const groups: { number: number; commit: CommitSha }[] = [];
    let on = this.#world.head;
    for (const number of numbers) {
      const { head, title } = this.service.pull(number);
      const ref = `gh-readonly-queue/main/pr-${number}-${on}`;
      const tree = this.#merge(on, head.sha);
      on = this.#commit({ parents: [on, head.sha], tree, message: `${title} (#${number})` });
      groups.push({ number, commit: on });
      this.#git.setRef(`refs/heads/${ref}`, on);
      this.service.groupHappened(on, ref);
    }
    await this.settle();
    if (!groups.every(({ commit }) => this.isGreen(commit))) return false;
    for (const { number, commit } of groups) this.#land(number, commit);
    this.service.pushHappened();
    await this.settle();
    return true;
  }

  /** Would the required check let this commit be merged: the app's, or the job of its run? */
  isGreen(commit: string): boolean {
    if (this.writer === "actions") return this.service.verdicts.get(commit) === true;
    const state = this.#world.memory.checks.findLast(({ head }) => head === commit)?.check.state;
    return state?.kind === "completed" && state.conclusion === "success";
  }

  async rerun(number: number): Promise<void> {
    this.service.rerunHappened(number);
    await this.settle();
  }

  async approve(number: number): Promise<void> {
    this.service.approve(number);
    await this.settle();
  }

  /** The workflow's hourly cron. */
  async wake(): Promise<void> {
    this.service.cronHappened();
    await this.settle();
  }

  /** Days pass until the cron wakes a watch, which finds this. */
  async watch(found: Found, days = 1): Promise<void> {
    this.#world.memory.minutes += days * 1_440;
    this.service.found = found;
    await this.wake();
    this.service.found = undefined;
  }

  /** Every artifact of a workflow run has expired. */
  expire(): void {
    this.#world.storage.artifacts = {};
  }

  /** The newest open pull request that we made ourselves. */
  ours(): number {
    const pull = this.#world.memory.pulls.findLast(({ author, state }) => author === "robot" && state === "open");
    if (pull === undefined) throw new Error("No pull request of ours is open");
    return pull.number;
  }

  /** All that we wrote on an issue or pull request, oldest first, without what only machines read. */
  told(issue: number): string {
    const said = this.#world.memory.comments.filter((one) => one.issue === issue);
    return said.map(({ body }) => body.split("\n\n<!--")[0]).join("\n\n");
  }

  async settle(): Promise<void> {
    const { happened } = this.service;
    for (let next = happened.shift(); next !== undefined; next = happened.shift()) {
      if (!this.#late) await this.#shell(next);
      if (next.run !== undefined) await runJobs(this.service, next.run, this.#folder);
      if (this.#late) await this.#shell(next);
    }
  }

  get #world(): Service["world"] {
    return this.service.world;
  }

  get #git(): Service["world"]["git"] {
    return this.#world.git;
  }

  /** The config says who writes. */
  #written(files: Files): Files {
    const text = files[configPath];
    if (text === undefined || this.writer === "actions") return files;
    return { ...files, [configPath]: text.replace("version: 1\n", "version: 1\nwriter: app\n") };
  }

  #commit(draft: { parents: readonly CommitSha[]; tree: Tree; message: string }): CommitSha {
    this.#world.memory.minutes += 1;
    return this.#git.commit({ ...draft, files: {} });
  }

  #move(number: number, sha: CommitSha, message: string): void {
    const pull = this.service.pull(number);
    pull.head = { ...pull.head, sha };
    pull.messages = [...pull.messages, message];
    this.#git.setRef(`refs/heads/${pull.head.ref}`, sha);
    this.service.pullHappened(number, "synchronize");
  }

  #land(number: number, commit: CommitSha): void {
    this.#git.setRef("refs/heads/main", commit);
    Object.assign(this.service.pull(number), { state: "closed", merged: true, mergeCommit: commit });
  }

  /** What git makes of two branches. */
  #merge(base: CommitSha, head: CommitSha): Tree {
    const ancestor = [...ancestors(this.#git, head)].find((sha) => ancestors(this.#git, base).has(sha));
    if (ancestor === undefined) throw new Error("There is no merge base");
    return merged(this.#git.tree(base), this.#git.tree(ancestor), this.#git.tree(head));
  }
}

function ancestors(git: Service["world"]["git"], from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [parseCommitSha(from)];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(git.commitOf(next)?.parents ?? []));
  }
  return found;
}

function merged(base: Tree, ancestor: Tree, head: Tree): Tree {
  const merge = mergeTrees(base, ancestor, head);
  if (merge.kind === "stale") throw new Error(`A story that no git would merge: ${merge.because}`);
  return merge.tree;
}
