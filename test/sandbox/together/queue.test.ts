import { expect, it } from "vitest";
import type { JsonObject } from "#sandbox/forge/contract.ts";
import { chooseNext } from "#sandbox/forge/queue/choose-next.ts";
import { validateWebhook } from "#sandbox/openapi/validate-webhook.ts";
import { aWorld, branch, clientOf, openPull, put, type Client, type Json } from "../forge/a-forge.ts";

const shop = "/repos/acme/shop";
const standard = {
  check_response_timeout_minutes: 60,
  grouping_strategy: "ALLGREEN",
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  merge_method: "MERGE",
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
} as const;

/** A branch with a merge queue that asks for the check "verdict", and three pull requests that have passed it. */
async function aQueue(parameters: JsonObject = {}) {
  let clock = Date.parse("2026-11-02T09:00:00Z");
  const world = await aWorld({ clock: () => new Date(clock) });
  const { forge, repo, api } = world;
  const owner = clientOf(forge, forge.createToken("acme"));
  const rules = [
    { type: "merge_queue", parameters: { ...standard, ...parameters } },
    {
      type: "required_status_checks",
      parameters: { required_status_checks: [{ context: "verdict" }], strict_required_status_checks_policy: false },
    },
  ];
  const made = await owner(`POST ${shop}/rulesets`, {
    name: "main",
    enforcement: "active",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules,
  });
  expect(made.status, made.text).toBe(201);
  const events: string[] = [];
  forge.on("*", ({ name, action, payload, actor }) => {
    for (const unclean of validateWebhook(name, action, payload)) forge.fail(unclean);
    const reason = typeof payload["reason"] === "string" ? ` ${payload["reason"]}` : "";
    if (name === "merge_group") events.push(`${action}${reason} ${nameOf(payload["merge_group"])}`);
    if (action === "dequeued" || action === "enqueued") events.push(`${action}${reason} #${String(payload["number"])}`);
    if (name === "push") events.push(`push ${String(payload["ref"])} by ${actor.account?.login}`);
  });
  const job = clientOf(forge, forge.createJobToken(repo, { checks: "write" }));
  const say = async (head_sha: string, conclusion: string): Promise<void> => {
    await job(`POST ${shop}/check-runs`, { name: "verdict", head_sha, conclusion });
    await forge.settled();
  };
  for (const [index, name] of ["a", "b", "c"].entries()) {
    await branch(api, name, `${name}.txt`, "new\n");
    const pull = await openPull(api, name);
    expect(pull.number).toBe(index + 1);
    await say(pull.head.sha, "success");
  }
  return {
    ...world,
    owner,
    say,
    /** what was told since the last time */
    told: async (): Promise<string[]> => {
      await forge.settled();
      return events.splice(0).filter((one) => !one.startsWith("push refs/heads/") || one.includes("heads/main"));
    },
    /** head of the group of a pull request */
    groupOf: async (number: number): Promise<string> => (await groupsOf(api))[number] ?? "",
    wait(minutes: number) {
      clock += minutes * 60_000;
      return forge.wake();
    },
  };
}

const nameOf = (group: Json): string =>
  String(group.head_ref).replace(/^refs\/heads\/gh-readonly-queue\/main\/(pr-\d+)-.*/, "$1");

async function groupsOf(api: Client): Promise<Record<number, string>> {
  const { body } = await api(`GET ${shop}/git/matching-refs/heads/gh-readonly-queue/main/`);
  return Object.fromEntries(body.map((ref: Json) => [Number(/pr-(\d+)-/.exec(ref.ref)?.[1]), ref.object.sha]));
}

it("a pull request in a merge queue is tested on a branch of its own and merged by a fast-forward", async () => {
  const { forge, repo, api, say, told, groupOf } = await aQueue();
  await told();
  const payloads: Json[] = [];
  forge.on("merge_group", ({ payload }) => void payloads.push(payload["merge_group"]));
  const base = await repo.git.branch("main");
  expect(await api(`PUT ${shop}/pulls/1/merge`, {})).toMatchObject({
    status: 405,
    body: { message: "Repository rule violations found\n\nChanges must be made through the merge queue\n\n" },
  });
  await forge.enqueue(repo, 1, "ada");
  expect(await told()).toEqual(["enqueued #1", "checks_requested pr-1"]);
  const head = await groupOf(1);
  expect(payloads[0]).toMatchObject({
    head_sha: head,
    head_ref: `refs/heads/gh-readonly-queue/main/pr-1-${base}`,
    base_sha: base,
    base_ref: "refs/heads/main",
    head_commit: { id: head, message: "Merge pull request #1 from acme/a\n\nChange a" },
  });
  const pull = (await api(`GET ${shop}/pulls/1`)).body;
  expect((await api(`GET ${shop}/git/commits/${head}`)).body.parents.map((one: Json) => one.sha)).toEqual([
    base,
    pull.head.sha,
  ]);
  await say(head, "success");
  expect(await told()).toEqual([
    "destroyed merged pr-1",
    "dequeued MERGE #1",
    "push refs/heads/main by github-merge-queue[bot]",
  ]);
  expect(await repo.git.branch("main")).toBe(head);
  expect((await api(`GET ${shop}/pulls/1`)).body).toMatchObject({
    merged: true,
    state: "closed",
    merge_commit_sha: head,
  });
  expect(await groupsOf(api)).toEqual({});
});

it("what fails in the middle goes, and those behind it are built again without it", async () => {
  const { forge, repo, api, say, told, groupOf } = await aQueue();
  for (const number of [1, 2, 3]) await forge.enqueue(repo, number, "ada");
  const [first, second, third] = [await groupOf(1), await groupOf(2), await groupOf(3)];
  const parentOf = async (sha: string): Promise<string> =>
    (await api(`GET ${shop}/git/commits/${sha}`)).body.parents[0].sha;
  expect([await parentOf(second), await parentOf(third)]).toEqual([first, second]);
  await say(third, "success");
  await told();
  await say(second, "failure");
  expect(await told()).toEqual([
    "destroyed dequeued pr-2",
    "dequeued CI_FAILURE #2",
    "destroyed invalidated pr-3",
    "checks_requested pr-3",
  ]);
  const again = await groupOf(3);
  expect(again).not.toBe(third);
  expect(await parentOf(again)).toBe(first);
  expect((await api(`GET ${shop}/pulls/2`)).body).toMatchObject({ state: "open", merged: false });
  // whoever is behind waits for those ahead
  await say(again, "success");
  expect(await told()).toEqual([]);
  await say(first, "success");
  expect(await repo.git.branch("main")).toBe(again);
  const pulls = (await api(`GET ${shop}/pulls?state=all`)).body;
  expect(
    pulls.map((one: Json) => [one.number, one.state, one.merge_commit_sha === again || one.merge_commit_sha === first]),
  ).toEqual([
    [3, "closed", true],
    [2, "open", false],
    [1, "closed", true],
  ]);
  expect(await told()).toEqual([
    "destroyed merged pr-1",
    "dequeued MERGE #1",
    "destroyed merged pr-3",
    "dequeued MERGE #3",
    "push refs/heads/main by github-merge-queue[bot]",
  ]);
});

it("what is late, pushed to, taken out or in conflict leaves the queue", async () => {
  const { forge, repo, api, told, wait, groupOf } = await aQueue({ check_response_timeout_minutes: 30 });
  for (const number of [1, 2, 3]) await forge.enqueue(repo, number, "ada");
  await told();
  await put(api, "a.txt", "newer\n", "Again", {
    branch: "a",
    sha: (await api(`GET ${shop}/contents/a.txt?ref=a`)).body.sha,
  });
  expect((await told()).filter((one) => one.startsWith("dequeued"))).toEqual(["dequeued UNKNOWN_REMOVAL_REASON #1"]);
  await wait(29);
  expect(await told()).toEqual([]);
  await wait(1);
  expect(await told()).toEqual([
    "destroyed dequeued pr-2",
    "dequeued CI_TIMEOUT #2",
    "destroyed invalidated pr-3",
    "checks_requested pr-3",
  ]);
  await expect(forge.enqueue(repo, 1, "ada")).rejects.toThrow('Required status check "verdict" is expected.');
  await expect(forge.enqueue(repo, 3, "ada")).rejects.toThrow("it is in it");
  forge.createUser("eve");
  await expect(forge.dequeue(repo, 3, "eve")).rejects.toThrow('"eve" may not write');
  await forge.dequeue(repo, 3, "ada");
  expect(await told()).toEqual(["destroyed dequeued pr-3", "dequeued MANUAL #3"]);
  await forge.enqueue(repo, 2, "ada");
  await told();
  // somebody who may moves the base itself: the group stands on what is no more
  const before = await groupOf(2);
  const tip = (await repo.git.branch("main")) ?? "";
  const commit = await repo.git.commit(tip);
  const by = commit?.author ?? { name: "", email: "", seconds: 0, zone: "+0000" };
  const moved = await repo.git.writeCommit({
    tree: commit?.tree ?? "",
    parents: [tip],
    author: by,
    committer: by,
    message: "x",
  });
  await repo.git.moveRefs([{ name: "refs/heads/main", before: tip, after: moved }]);
  await forge.wake();
  expect(await told()).toEqual(["destroyed invalidated pr-2", "checks_requested pr-2"]);
  expect(await groupOf(2)).not.toBe(before);
});

const letters = new Map<string, "pending" | "passed" | "failed">([
  ["p", "pending"],
  ["g", "passed"],
  ["r", "failed"],
] as const);

it.for([
  { states: "", waited: 0, more: {}, next: "wait" },
  { states: "p", waited: 0, more: {}, next: "wait" },
  { states: "g", waited: 0, more: {}, next: "merge 1" },
  { states: "gg", waited: 0, more: { max_entries_to_merge: 1 }, next: "merge 1" },
  { states: "ggp", waited: 0, more: { min_entries_to_merge: 3 }, next: "wait" },
  { states: "ggp", waited: 5, more: { min_entries_to_merge: 3 }, next: "merge 2" },
  { states: "prg", waited: 0, more: {}, next: "drop 1" },
  { states: "grg", waited: 0, more: {}, next: "merge 1" },
  { states: "rg", waited: 0, more: { grouping_strategy: "HEADGREEN" as const }, next: "merge 2" },
  { states: "rp", waited: 0, more: { grouping_strategy: "HEADGREEN" as const }, next: "wait" },
  { states: "rr", waited: 0, more: { grouping_strategy: "HEADGREEN" as const }, next: "drop 0" },
])("chooseNext() of $states after $waited minutes with $more: $next", ({ states, waited, more, next }) => {
  const read = Array.from(states, (letter) => letters.get(letter) ?? "pending");
  const chosen = chooseNext(read, { ...standard, ...more }, waited);
  const said = {
    wait: "wait",
    merge: "count" in chosen ? `merge ${chosen.count}` : "",
    drop: "index" in chosen ? `drop ${chosen.index}` : "",
  };
  expect(said[chosen.kind]).toBe(next);
});
