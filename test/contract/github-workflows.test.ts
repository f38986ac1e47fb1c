import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseBlobSha, parseCommitSha } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import { fetchObjects } from "#git/fetch-objects.ts";
import { gitRepository } from "#git/git-repository.ts";
import { createActions } from "#sandbox/actions/actions.ts";
import { forgeFixture } from "./fixture/forge-fixture.ts";
import { git, scratchFolder } from "./fixture/git-folders.ts";

const workflow = `
name: Trainyard
on:
  workflow_dispatch:
    inputs:
      pull: { required: true }
jobs:
  train:
    runs-on: ubuntu-latest
    steps:
      - run: mkdir -p out/model && echo weights > out/model/weights.bin && echo '{"pull":\${{ inputs.pull }}}' > out/report.json
      - uses: actions/upload-artifact@v4
        with: { name: trained, path: out }
`;

it("githubWorkflows() starts a run, finds it, and githubBytes() gives what it left", async () => {
  const actions = createActions();
  await using fixture = await forgeFixture("app", (ports): Ports => ports, [actions.part]);
  await using scratch = await scratchFolder();
  const clone = await fixture.clone();
  await mkdir(join(clone, ".github", "workflows"), { recursive: true });
  await writeFile(join(clone, ".github", "workflows", "trainyard.yml"), workflow);
  await git(clone, "add", "--all");
  await git(clone, "commit", "--quiet", "--message", "Train here");
  await git(clone, "push", "--quiet");
  const head = parseCommitSha(await git(clone, "rev-parse", "HEAD"));

  const { workflows, bytes } = fixture.port();
  const { run } = await workflows.dispatch({ pull: "7" });
  await actions.idle();
  const found = await workflows.run(run ?? 0);
  expect(found).toMatchObject({
    id: run,
    attempt: 1,
    event: "workflow_dispatch",
    head,
    branch: "main",
    path: ".github/workflows/trainyard.yml",
    status: "completed",
    conclusion: "success",
    fork: false,
  });
  expect(await workflows.runsOf(head)).toEqual([found]);
  expect(await workflows.runsOf(fixture.first)).toEqual([]);
  expect(await workflows.run(999_999)).toBeUndefined();
  await workflows.cancel(run ?? 0);

  expect(
    JSON.parse(Buffer.from((await workflows.record(run ?? 0, "trained", "report.json")) ?? []).toString()),
  ).toEqual({ pull: 7 });
  expect(await workflows.record(run ?? 0, "absent", "report.json")).toBeUndefined();
  const locator = { kind: "workflow-artifact", run: run ?? 0, name: "trained", path: "model" } as const;
  expect(await bytes.available(locator)).toBe(true);
  expect(await bytes.fetch(locator, scratch.folder)).toEqual(["weights.bin"]);
  expect(await readFile(join(scratch.folder, "weights.bin"), "utf8")).toBe("weights\n");
  expect(await bytes.available({ ...locator, name: "other" })).toBe(false);
  await actions.stop();
});

it("fetchObjects() brings only the wanted blobs from GitHub, with the job's token", async () => {
  await using fixture = await forgeFixture("actions", (ports) => ports.repository);
  await using scratch = await scratchFolder();
  const tree = await fixture.port().tree(fixture.second);
  const wanted = tree.get("data/week 1.csv")?.blob ?? parseBlobSha("0".repeat(40));
  const other = tree.get("train.sh")?.blob ?? wanted;
  const url = `${fixture.forge.urls.server}/acme/shop.git`;
  const fetched = await fetchObjects({
    folder: join(scratch.folder, "git"),
    url,
    commits: [fixture.first, fixture.second],
    blobs: [wanted],
    token: fixture.token,
  });
  const repository = gitRepository(fetched);
  expect(await repository.tree(fixture.second)).toEqual(tree);
  expect((await repository.blob(wanted)).length).toBe(9);
  await expect(repository.blob(other)).rejects.toMatchObject({ code: "not-found" });
  fetched.close();
});
