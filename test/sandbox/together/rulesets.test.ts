import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { JsonObject } from "#sandbox/forge/contract.ts";
import { matchesRef } from "#sandbox/forge/rules/ref-pattern.ts";
import { aWorld, branch, clientOf, clone, openPull, put, type Json } from "../forge/a-forge.ts";

const shop = "/repos/acme/shop";

async function aGuardedWorld() {
  const world = await aWorld();
  const { forge, repo, api } = world;
  const owner = clientOf(forge, forge.createToken("acme"));
  const tip = async (): Promise<string> => (await repo.git.branch("main")) ?? "";
  return {
    ...world,
    owner,
    tip,
    job: clientOf(forge, forge.createJobToken(repo, { contents: "write", checks: "write" })),
    ref: (ref: string, sha: string, by = api) => by(`POST ${shop}/git/refs`, { ref, sha }),
    guard: async (more: JsonObject): Promise<Json> => {
      const made = await owner(`POST ${shop}/rulesets`, { name: "guard", enforcement: "active", ...more });
      expect(made.status, made.text).toBe(201);
      return made.body;
    },
  };
}

const refs = (...include: string[]): JsonObject => ({ ref_name: { include, exclude: [] } });
const said = (...lines: string[]): JsonObject => ({
  message: `Repository rule violations found\n\n${lines.join("\n")}\n\n`,
});

it("a ruleset refuses making, moving and deleting tags, but for those who may bypass it", async () => {
  const { ref, guard, tip, api, owner, job, repo } = await aGuardedWorld();
  expect((await ref("refs/tags/churn@v0.9.0", await tip())).status).toBe(201);
  const made = await guard({
    target: "tag",
    conditions: refs("refs/tags/*@v*"),
    rules: [{ type: "creation" }, { type: "update" }, { type: "deletion" }],
    bypass_actors: [{ actor_id: 15_368, actor_type: "Integration", bypass_mode: "always" }],
  });
  expect(made).toMatchObject({
    target: "tag",
    current_user_can_bypass: "never",
    bypass_actors: [{ actor_id: 15_368 }],
  });
  expect(await ref("refs/tags/churn@v1.0.0", await tip())).toMatchObject({
    status: 422,
    body: said("Cannot create ref due to creations being restricted."),
  });
  // an administrator is none who may bypass, unless the ruleset says so
  expect((await ref("refs/tags/churn@v1.0.0", await tip(), owner)).status).toBe(422);
  expect((await ref("refs/tags/churn-v1", await tip())).status).toBe(201);
  expect((await ref("refs/tags/churn@v1.0.0", await tip(), job)).status).toBe(201);
  const old = "refs/tags/churn@v0.9.0".replace("refs/", "");
  const other = await put(api, "a.txt", "one\n", "Add a");
  expect(await api(`PATCH ${shop}/git/refs/${old}`, { sha: other.body.commit.sha })).toMatchObject({
    status: 422,
    body: said("Cannot update this protected ref."),
  });
  expect((await api(`DELETE ${shop}/git/refs/${old}`)).body).toMatchObject(said("Cannot delete this tag"));
  const release = { tag_name: "churn@v2.0.0" };
  expect(await api(`POST ${shop}/releases`, release)).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          field: "pre_receive",
          message: `pre_receive ${String(said("Cannot create ref due to creations being restricted.")["message"])}`,
        },
        { message: "Published releases must have a valid tag" },
      ],
    },
  });
  expect((await api(`POST ${shop}/releases`, { ...release, draft: true })).status).toBe(201);
  await owner(`PUT ${shop}/rulesets/${made.id}`, { enforcement: "disabled" });
  expect((await api(`DELETE ${shop}/git/refs/${old}`)).status).toBe(204);
  expect(await repo.git.ref("refs/tags/churn@v0.9.0")).toBeUndefined();
});

it("git is told of rules in the words of GitHub", async () => {
  const { forge, repo, token, guard } = await aGuardedWorld();
  await guard({ conditions: refs("refs/heads/trainyard"), rules: [{ type: "creation" }, { type: "update" }] });
  await guard({ name: "forward", conditions: refs("~DEFAULT_BRANCH"), rules: [{ type: "non_fast_forward" }] });
  const work = await clone(forge, repo, token);
  await writeFile(join(work.folder, "a.txt"), "one\n");
  await work.git("add", ".");
  await work.git("commit", "--quiet", "--message", "Add a");
  const before = await repo.git.branch("main");
  const refused = await work.git("push", "--quiet", "origin", "HEAD:trainyard", "HEAD:free").catch(String);
  expect(refused).toContain("remote: error: GH013: Repository rule violations found for refs/heads/trainyard.");
  expect(refused).toContain("remote: - Cannot create ref due to creations being restricted.");
  expect(refused).toContain("HEAD -> trainyard (push declined due to repository rule violations)");
  expect((await repo.git.refs("refs/heads/")).map(({ name }) => name)).toEqual(["refs/heads/main"]);
  await work.git("push", "--quiet", "origin", "HEAD:free", "HEAD:main");
  expect(await repo.git.branch("main")).not.toBe(before);
  await work.git("commit", "--quiet", "--amend", "--message", "Rewritten");
  const back = await work.git("push", "--quiet", "--force", "origin", "HEAD:main", "HEAD:free").catch(String);
  expect(back).toContain("remote: - Cannot force-push to this branch");
  await work.git("push", "--quiet", "--force", "origin", "HEAD:free");
  await expect(work.git("push", "--quiet", "origin", "HEAD:gh-readonly-queue/main/pr-1-x")).rejects.toThrow("GH013");
});

it("a branch that takes changes by pull request only asks for reviews, checks and the latest code", async () => {
  const { forge, api, owner, job, guard } = await aGuardedWorld();
  const head = await branch(api, "topic", "a.txt", "one\n");
  await openPull(api, "topic");
  await put(api, "b.txt", "elsewhere\n", "Add b");
  await guard({
    conditions: refs("refs/heads/main"),
    rules: [
      {
        type: "pull_request",
        parameters: { ...reviews, required_approving_review_count: 1, dismiss_stale_reviews_on_push: true },
      },
      {
        type: "required_status_checks",
        parameters: {
          required_status_checks: [{ context: "verdict", integration_id: 15_368 }],
          strict_required_status_checks_policy: true,
        },
      },
    ],
  });
  const content = { message: "m", content: "eA==" };
  expect(await api(`PUT ${shop}/contents/x`, content)).toMatchObject({
    status: 409,
    body: said("Changes must be made through a pull request.", 'Required status check "verdict" is expected.'),
  });
  const merge = () => api(`PUT ${shop}/pulls/1/merge`, {});
  const approval = "At least 1 approving review is required by reviewers with write access.";
  const late = "Head branch is out of date";
  await api(`GET ${shop}/pulls/1`);
  await forge.settled();
  expect((await api(`GET ${shop}/pulls/1`)).body.mergeable_state).toBe("blocked");
  expect(await merge()).toMatchObject({
    status: 405,
    body: said(approval, 'Required status check "verdict" is expected.', late),
  });
  // a status of that name is not that app's check
  await api(`POST ${shop}/statuses/${head}`, { state: "success", context: "verdict" });
  expect((await merge()).body.message).toContain("verdict");
  await job(`POST ${shop}/check-runs`, { name: "verdict", head_sha: head, conclusion: "success" });
  await owner(`POST ${shop}/pulls/1/reviews`, { event: "APPROVE" });
  expect((await merge()).body).toMatchObject(said(late));
  await api(`PUT ${shop}/pulls/1/update-branch`, {});
  await forge.settled();
  const fresh = (await api(`GET ${shop}/pulls/1`)).body.head.sha;
  await job(`POST ${shop}/check-runs`, { name: "verdict", head_sha: fresh, conclusion: "success" });
  expect((await merge()).body).toMatchObject(said(approval));
  await owner(`POST ${shop}/pulls/1/reviews`, { event: "APPROVE" });
  expect((await merge()).status).toBe(200);
});

const reviews = {
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_review_thread_resolution: false,
};

it("rulesets are written by administrators and read by all, with what holds for a branch", async () => {
  const { api, owner, guard } = await aGuardedWorld();
  const made = await guard({ conditions: refs("refs/heads/release/**"), rules: [{ type: "deletion" }] });
  expect((await api(`POST ${shop}/rulesets`, { name: "x", enforcement: "active" })).status).toBe(403);
  expect((await owner(`POST ${shop}/rulesets`, { name: "guard", enforcement: "active" })).status).toBe(422);
  expect(
    (await owner(`POST ${shop}/rulesets`, { name: "y", enforcement: "active", conditions: refs("main") })).status,
  ).toBe(422);
  const unknown = [{ type: "required_signatures" }];
  expect((await owner(`POST ${shop}/rulesets`, { name: "y", enforcement: "active", rules: unknown })).status).toBe(501);
  expect((await api(`GET ${shop}/rulesets`)).body).toMatchObject([{ id: made.id, name: "guard" }]);
  expect((await api(`GET ${shop}/rulesets/${made.id}`)).body).not.toHaveProperty("bypass_actors");
  const rules = await api(`GET ${shop}/rules/branches/release/1/x`);
  expect(rules.body).toEqual([
    { type: "deletion", ruleset_source_type: "Repository", ruleset_source: "acme/shop", ruleset_id: made.id },
  ]);
  expect((await api(`GET ${shop}/rules/branches/main`)).body).toEqual([]);
  expect((await owner(`DELETE ${shop}/rulesets/${made.id}`)).status).toBe(204);
  expect((await api(`GET ${shop}/rulesets/${made.id}`)).status).toBe(404);
});

it.for([
  { pattern: "refs/tags/*@v*", ref: "refs/tags/churn@v1.0.0", is: true },
  { pattern: "refs/tags/*@v*", ref: "refs/tags/a/churn@v1.0.0", is: false },
  { pattern: "refs/tags/*#*", ref: "refs/tags/churn#production#7", is: true },
  { pattern: "refs/tags/**/*@v*", ref: "refs/tags/a/b/churn@v1", is: true },
  { pattern: "refs/heads/train.ard", ref: "refs/heads/trainyard", is: false },
  { pattern: "refs/heads/train?ard", ref: "refs/heads/trainyard", is: true },
  { pattern: "refs/heads/[!a-c]x", ref: "refs/heads/dx", is: true },
  { pattern: "refs/heads/[a-c]x", ref: "refs/heads/dx", is: false },
  { pattern: "~DEFAULT_BRANCH", ref: "refs/heads/main", is: true },
  { pattern: "~DEFAULT_BRANCH", ref: "refs/heads/other", is: false },
  { pattern: "~ALL", ref: "refs/tags/x", is: true },
])("matchesRef($pattern, $ref) is $is", ({ pattern, ref, is }) => {
  expect(matchesRef(pattern, ref, "main")).toBe(is);
});
