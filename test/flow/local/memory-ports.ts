import { ServiceError, type Ports } from "#core/ports.ts";
import { parseCommitSha } from "#core/names.ts";
import type { Memory, StoredPull } from "./memory.ts";
import type { MemoryGit } from "./memory-git.ts";

/** Ports on what has no place on a disk: they remember and answer as the service would, and lose nothing. */
export function memoryPorts(
  memory: Memory,
  git: MemoryGit,
  now: () => Date,
): Pick<Ports, "pulls" | "checks" | "comments" | "issues" | "deployments" | "people"> {
  const id = (): number => memory.next++;
  // issues and pull requests are counted together, and nothing else is
  const numberOf = (): number => memory.number++;
  return {
    pulls: memoryPulls(memory, git, numberOf),
    checks: {
      find: async (head) => {
        const found = memory.checks.findLast((stored) => stored.head === head);
        return await Promise.resolve(found === undefined ? undefined : { ...found.check, id: found.id });
      },
      create: async (head, check) => {
        memory.checks.push({ id: id(), head, check });
        await Promise.resolve();
      },
      update: async (wanted, check) => {
        find(memory.checks, "check", (stored) => stored.id === wanted).check = check;
        await Promise.resolve();
      },
    },
    comments: {
      own: async (issue) => await Promise.resolve(memory.comments.filter((comment) => comment.issue === issue)),
      create: async (issue, body) => {
        const made = { id: id(), issue, body, updatedAt: now() };
        memory.comments.push(made);
        return await Promise.resolve({ id: made.id });
      },
      update: async (wanted, body) => {
        Object.assign(
          find(memory.comments, "comment", (comment) => comment.id === wanted),
          { body, updatedAt: now() },
        );
        await Promise.resolve();
      },
      remove: async (wanted) => {
        memory.comments = memory.comments.filter((comment) => comment.id !== wanted);
        await Promise.resolve();
      },
    },
    issues: {
      own: async (label) => await Promise.resolve(memory.issues.filter(({ labels }) => labels.includes(label))),
      create: async ({ title, body, labels }) => {
        const made = { number: numberOf(), title, body, labels, state: "open" as const };
        memory.issues.push(made);
        return await Promise.resolve(made);
      },
      update: async (number, change) => {
        Object.assign(
          find(memory.issues, "issue", (issue) => issue.number === number),
          change,
        );
        await Promise.resolve();
      },
    },
    deployments: {
      record: async ({ environment, ref, version }) => {
        const model = version.split("@", 1)[0];
        const mine = memory.deployments.filter(
          (entry) => entry.environment === environment && entry.version.split("@", 1)[0] === model,
        );
        const newest = mine.at(-1);
        if (newest?.ref === ref && newest.version === version && newest.state === "success") return;
        for (const entry of mine) entry.state = "inactive";
        memory.deployments.push({ environment, ref, version, state: "success" });
        await Promise.resolve();
      },
    },
    people: { mayWrite: async (login) => await Promise.resolve(memory.writers.includes(login)) },
  };
}

function memoryPulls(memory: Memory, git: MemoryGit, numberOf: () => number): Ports["pulls"] {
  const get = (number: number): Memory["pulls"][number] =>
    find(memory.pulls, "pull request", (pull) => pull.number === number);
  return {
    get: async (number) => await Promise.resolve(get(number)),
    getSettled: async (number) => await Promise.resolve(get(number)),
    openOnto: async (branch) =>
      await Promise.resolve(memory.pulls.filter(({ state, base }) => state === "open" && base.ref === branch)),
    ofCommit: async (sha) =>
      await Promise.resolve(memory.pulls.filter(({ mergeCommit, head }) => mergeCommit === sha || head.sha === sha)),
    fromBranch: async (branch) =>
      await Promise.resolve(memory.pulls.find(({ state, head }) => state === "open" && head.ref === branch)),
    ofBranch: async (branch) =>
      await Promise.resolve(
        memory.pulls.filter(({ head, fork }) => head.ref === branch && !fork).toSorted((a, b) => b.number - a.number),
      ),
    isSettled: async (number) => await Promise.resolve(get(number).settled),
    messages: async (number) => await Promise.resolve(get(number).messages),
    open: async ({ title, body, head, base }) => {
      const [tip, onto] = [git.ref(`refs/heads/${head}`), git.ref(`refs/heads/${base}`)];
      if (tip === undefined || onto === undefined) throw new ServiceError("refused", `There is no branch "${head}"`);
      if (memory.pulls.some((pull) => pull.state === "open" && pull.head.ref === head))
        throw new ServiceError("conflict", `A pull request already exists for "${head}"`);
      const pull = newPull({
        number: numberOf(),
        title,
        body,
        head: { ref: head, sha: parseCommitSha(tip) },
        author: "robot",
      });
      pull.base = { ref: base, sha: parseCommitSha(onto) };
      pull.messages = [git.commitOf(tip)?.message ?? ""];
      memory.pulls.push(pull);
      return await Promise.resolve(pull);
    },
    edit: async (number, change) => {
      Object.assign(get(number), change);
      await Promise.resolve();
    },
    requestReviewers: async () => await Promise.resolve(),
  };
}

/** A pull request onto `main` that was opened just now. */
export function newPull(
  of: Pick<StoredPull, "number" | "title" | "head" | "author"> & Partial<Pick<StoredPull, "body" | "fork">>,
): StoredPull {
  return {
    state: "open",
    merged: false,
    mergeCommit: undefined,
    testMerge: undefined,
    mergeable: true,
    base: { sha: of.head.sha, ref: "main" },
    fork: false,
    draft: false,
    labels: [],
    body: "",
    messages: [of.title],
    ...of,
  };
}

function find<T>(list: readonly T[], what: string, is: (entry: T) => boolean): T {
  const found = list.find(is);
  if (found === undefined) throw new ServiceError("not-found", `There is no such ${what}`);
  return found;
}
