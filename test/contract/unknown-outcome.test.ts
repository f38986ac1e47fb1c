import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CommitSha } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import { createOctokit } from "#github/create-octokit.ts";
import { createActions } from "#sandbox/actions/actions.ts";
import type { RequestFault } from "#sandbox/forge/faults/fault.ts";
import { forgeFixture, type ForgeFixture } from "./fixture/forge-fixture.ts";
import { git, scratchFolder } from "./fixture/git-folders.ts";

const at = { owner: "acme", repo: "shop" };
const repo = "/repos/{owner}/{repo}";
const workflow = "on: workflow_dispatch\njobs: { a: { runs-on: x, steps: [{ run: echo }] } }\n";

let fixture: ForgeFixture<Ports>;
let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let head: CommitSha;
const actions = createActions();
beforeAll(async () => {
  fixture = await forgeFixture("app", (ports) => ports, [actions.part]);
  scratch = await scratchFolder();
  await writeFile(join(scratch.folder, "model"), "weights");
  const branches = ["one", "two", "three"];
  const clone = await fixture.clone();
  for (const branch of branches) {
    await git(clone, "checkout", "--quiet", "-b", branch, "origin/main");
    await git(clone, "commit", "--quiet", "--allow-empty", "--message", branch);
  }
  await git(clone, "checkout", "--quiet", "main");
  await person().rest.repos.createOrUpdateFileContents({
    ...at,
    path: ".github/workflows/trainyard.yml",
    message: "Train here",
    content: Buffer.from(workflow).toString("base64"),
  });
  await git(clone, "push", "--quiet", "origin", ...branches);
  head = (await fixture.port().repository.defaultBranch()).head;
});
afterAll(async () => {
  await actions.idle();
  await fixture[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

const person = () => createOctokit({ baseUrl: fixture.forge.urls.api, token: fixture.forge.createToken("acme") });

/** A write, whose name differs from time to time; how often it is there; and the requests of it that may be broken. */
type Write = {
  name: string;
  on: readonly string[];
  /** which of them is broken (default the first) */
  nth?: number;
  write(ports: Ports, name: string): Promise<unknown>;
  count(name: string): Promise<number>;
};

const issue = 1;
const date = new Date("2026-01-02T03:04:05Z");
const tagOf = (name: string): string => `${name}@v1.0.0`;
const draft = (name: string) => ({ tag: tagOf(name), target: head, title: name, body: "b" });

/** One version is deployed, and then another in its place: three states are said. */
const deploying: Pick<Write, "write" | "count"> = {
  async write({ deployments }, name) {
    const about = { environment: name, ref: head, description: "d" };
    await deployments.record({ ...about, version: "churn@v1.0.0" });
    await deployments.record({ ...about, version: "churn@v1.1.0" });
  },
  async count(environment) {
    const { data } = await person().rest.repos.listDeployments({ ...at, environment });
    const said = await Promise.all(
      data.map(async ({ id }) => {
        const { data: states } = await person().rest.repos.listDeploymentStatuses({
          ...at,
          deployment_id: Number(id),
        });
        return states.map(({ state }) => state).join();
      }),
    );
    return said.join(" ") === "success inactive,success" ? 1 : 0;
  },
};

const writes: readonly Write[] = [
  {
    name: "an issue",
    on: [`POST ${repo}/issues`],
    write: async ({ issues }, name) => await issues.create({ title: name, body: "b", labels: ["trainyard"] }),
    count: async (name) =>
      (await person().rest.issues.listForRepo({ ...at, labels: "trainyard", per_page: 100 })).data.filter(
        ({ title }) => title === name,
      ).length,
  },
  {
    name: "a comment",
    on: [`POST ${repo}/issues/{issue_number}/comments`],
    write: async ({ comments }, name) => await comments.create(issue, name),
    count: async (name) =>
      (await person().rest.issues.listComments({ ...at, issue_number: issue, per_page: 100 })).data.filter(
        ({ body }) => body === name,
      ).length,
  },
  {
    name: "an edited comment",
    on: [`PATCH ${repo}/issues/comments/{comment_id}`],
    async write({ comments }, name) {
      const { id } = await comments.create(issue, `${name} before`);
      await comments.update(id, name);
    },
    count: async (name) =>
      (await person().rest.issues.listComments({ ...at, issue_number: issue, per_page: 100 })).data.filter(
        ({ body }) => body === name,
      ).length,
  },
  {
    name: "a check",
    on: [`POST ${repo}/check-runs`],
    async write({ checks }, name) {
      await checks.create(await headOf(name), {
        state: { kind: "in_progress" },
        title: name,
        summary: "s",
        externalId: name,
      });
    },
    count: async (name) =>
      (await person().rest.checks.listForRef({ ...at, ref: await headOf(name) })).data.check_runs.length,
  },
  {
    name: "a tag",
    on: [`POST ${repo}/git/tags`, `POST ${repo}/git/refs`],
    async write({ tags }, name) {
      expect(await tags.create({ name: tagOf(name), target: head, message: "m", date })).toBe("created");
    },
    count: async (name) => (await fixture.port().tags.list(tagOf(name))).length,
  },
  {
    name: "a draft release",
    on: [`POST ${repo}/releases`],
    write: async ({ releases }, name) => await releases.createDraft(draft(name)),
    count: async (name) =>
      (await appLists("GET /repos/{owner}/{repo}/releases")).filter((one) => one["tag_name"] === tagOf(name)).length,
  },
  {
    name: "an asset, and what publishes it",
    on: [`POST ${repo}/releases/{release_id}/assets`, `PATCH ${repo}/releases/{release_id}`],
    async write({ releases }, name) {
      const { id } = await releases.createDraft(draft(name));
      await releases.upload(id, "model", join(scratch.folder, "model"));
      await releases.publish(id);
    },
    async count(name) {
      const { data } = await person().rest.repos.getReleaseByTag({ ...at, tag: tagOf(name) });
      return data.draft ? 0 : data.assets.length;
    },
  },
  {
    name: "evidence",
    on: [`POST ${repo}/git/trees`, `POST ${repo}/git/commits`, `POST ${repo}/git/refs`, `PATCH ${repo}/git/refs/{ref}`],
    write: async ({ evidence }, name) => await evidence.write(new Map([[`${name}.json`, name]]), `Say ${name}`),
    count: async (name) => await countCommits("trainyard", `Say ${name}`),
  },
  {
    name: "a commit on a new branch",
    on: [`POST ${repo}/git/refs`],
    async write({ branches }, name) {
      const files = new Map([["data.csv", new TextEncoder().encode(name)]]);
      await branches.commit({ branch: name, parent: head, files, message: `Refresh ${name}` });
    },
    count: async (name) => await countCommits(name, `Refresh ${name}`),
  },
  {
    name: "a commit on a branch that is there",
    on: [`PATCH ${repo}/git/refs/{ref}`],
    async write({ branches }, name) {
      const commit = async (parent: typeof head, text: string, expected?: typeof head) =>
        await branches.commit({
          branch: name,
          parent,
          files: new Map([["data.csv", new TextEncoder().encode(text)]]),
          message: `Refresh ${name} ${text}`,
          expected,
        });
      const first = await commit(head, "1");
      await commit(first, "2", first);
    },
    count: async (name) => await countCommits(name, `Refresh ${name} 2`),
  },
  {
    name: "a pull request",
    on: [`POST ${repo}/pulls`],
    async write({ branches, pulls }, name) {
      const files = new Map([["data.csv", new TextEncoder().encode(name)]]);
      await branches.commit({ branch: name, parent: head, files, message: name });
      await pulls.open({ title: name, body: "b", head: name, base: "main" });
    },
    count: async (name) =>
      (await person().rest.pulls.list({ ...at, state: "all", head: `acme:${name}` })).data.filter(
        ({ head: { ref } }) => ref === name,
      ).length,
  },
  {
    name: "a deployment",
    on: [`POST ${repo}/deployments`],
    ...deploying,
  },
  ...[1, 2, 3].map((nth): Write => ({
    name: `state ${nth} of three of two deployments`,
    on: [`POST ${repo}/deployments/{deployment_id}/statuses`],
    nth,
    ...deploying,
  })),
  {
    name: "a run that is started by hand",
    on: [`POST ${repo}/actions/workflows/{workflow_id}/dispatches`],
    async write({ workflows }, name) {
      started.set(name, await countRuns());
      expect(await workflows.dispatch({})).toEqual({ run: expect.any(Number) });
    },
    count: async (name) => (await countRuns()) - (started.get(name) ?? 0),
  },
];

const started = new Map<string, number>();
async function countRuns(): Promise<number> {
  return (await person().rest.actions.listWorkflowRunsForRepo({ ...at, event: "workflow_dispatch" })).data.total_count;
}

/** Each check has a commit of its own. */
const heads = new Map<string, CommitSha>();
async function headOf(name: string): Promise<CommitSha> {
  const known = heads.get(name);
  if (known !== undefined) return known;
  const files = new Map([["a", new TextEncoder().encode(name)]]);
  const made = await fixture.port().branches.commit({ branch: `of-${name}`, parent: head, files, message: name });
  heads.set(name, made);
  return made;
}

async function countCommits(branch: string, message: string): Promise<number> {
  const { data } = await person().rest.repos.listCommits({ ...at, sha: branch, per_page: 100 });
  return data.filter(({ commit }) => commit.message === message).length;
}

/** What only whoever may write is shown, such as drafts. */
async function appLists(route: string): Promise<readonly Record<string, unknown>[]> {
  const octokit = createOctokit({ baseUrl: fixture.forge.urls.api, token: fixture.token });
  const { data }: { data: Record<string, unknown>[] } = await octokit.request(route, { ...at, per_page: 100 });
  return data;
}

const faults: readonly Pick<RequestFault, "does" | "moment">[] = [
  { does: "500", moment: "after" },
  { does: "cut", moment: "after" },
  { does: "500", moment: "before" },
];

it.for(writes.flatMap((write) => write.on.flatMap((on) => faults.map((fault) => ({ ...write, on, fault })))))(
  "$name is there once, though $on answers $fault.does $fault.moment it was done",
  async ({ name, on, nth = 1, fault, write, count }) => {
    const own = `${name} ${on} ${fault.does} ${fault.moment}`.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase();
    if (on.endsWith("/check-runs")) await headOf(own);
    if (name !== "evidence" || on.startsWith("PATCH") || on.includes("/git/trees") || on.includes("/git/commits"))
      await fixture.port().evidence.write(new Map([["first.json", "1"]]), "Begin");
    else
      await person()
        .rest.git.deleteRef({ ...at, ref: "heads/trainyard" })
        .catch(() => undefined);
    const set = fixture.forge.faults.add({ kind: "request", on, by: "trainyard[bot]", when: { nth }, ...fault });
    await write(fixture.port(), own);
    expect(set.fired).toBe(1);
    fixture.forge.faults.clear();
    expect(await count(own)).toBe(1);
  },
);
