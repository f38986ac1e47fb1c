import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { githubPorts } from "#github/github-ports.ts";
import { stageSource } from "#cli/serve-source.ts";
import { serveModel } from "#serve/serve-model.ts";
import { runCli } from "#test/scenario/cli/run-cli.ts";
import { here, type Play } from "./open-play.ts";
import { mustRun } from "./run.ts";

/** `trainyard init` in the clone, as a person does it: its pull request, the merge, /promote. */
export async function startWithInit(play: Play): Promise<string> {
  const { clone } = play;
  const pull = await play.propose("add-trainyard", "Add Trainyard", async () => {
    const said = await runCli(clone.folder, ["init", "--model", "churn"]);
    assert.equal(said.code, 0, said.stderr);
    const file = join(clone.folder, ".github", "trainyard.yml");
    const text = await readFile(file, "utf8");
    assert.ok(text.includes("# - { metric: auc, at-least: 0.75 }"));
    await writeFile(file, text.replace("# - { metric: auc, at-least: 0.75 }", "- { metric: auc, at-least: 0.75 }"));
  });
  const report = await play.report(pull);
  assert.match(report, /🟢 churn: the first model, and every gate for it holds/);
  assert.match(report, /The default branch has no config yet: this is for information/);
  assert.equal(await play.verdict(pull), "success");
  await play.merge(pull);
  const { data: issues } = await play.ada.octokit.rest.issues.listForRepo({ ...here, state: "open" });
  const waiting = issues.find(({ title }) => title === "churn waits for /promote");
  assert.ok(waiting, "nothing waits after the merge");
  await play.comment(waiting.number, "/promote");
  assert.equal(await standing(play), "v1.0.0");
  return firstLine(report);
}

/** A better model: the comment compares, and the merge ships it. */
export async function improve(play: Play): Promise<string> {
  const pull = await play.propose("boosting", "Boosted trees", async () => await setModel(play, "boosting"));
  const report = await play.report(pull);
  assert.match(report, /🟢 churn: better than production v1\.0\.0\. Merging ships it as v1\.1\.0/);
  assert.match(report, /\| AUC ↑ .*\| \*\*\+0\.0\d+\*\*/);
  assert.match(report, /`model` logistic → boosting|`model`.*`logistic`.*`boosting`/);
  assert.equal(await play.verdict(pull), "success");
  await play.merge(pull);
  assert.equal(await standing(play), "v1.1.0");
  return firstLine(report);
}

/** The release, asked by onnxruntime in Python and by the product's own server: the same answers. */
export async function compareServers(play: Play, bin: string): Promise<string> {
  const { octokit } = play.ada;
  const { data: release } = await octokit.rest.repos.getReleaseByTag({ ...here, tag: "churn@v1.1.0" });
  const asset = release.assets.find(({ name }) => name.endsWith(".onnx"));
  assert.ok(asset, `the release holds ${release.assets.map(({ name }) => name).join(", ")}`);
  const { data: bytes } = await octokit.request("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", {
    ...here,
    asset_id: asset.id,
    headers: { accept: "application/octet-stream" },
  });
  assert.ok(bytes instanceof ArrayBuffer);
  const model = join(play.folder, "released.onnx");
  await writeFile(model, Buffer.from(bytes));
  const rows = await readRows(join(play.clone.folder, "holdout.csv"));
  const python = JSON.parse(
    await mustRun(join(bin, "python"), [join(import.meta.dirname, "ask-model.py")], {
      input: JSON.stringify({ model, rows }),
    }),
  ).flat();
  const served = await askServer(play, rows);
  assert.equal(served.version, "v1.1.0");
  assert.equal(served.answers.length, python.length);
  const apart = served.answers.map((answer, index) => Math.abs(answer - python[index]));
  const farthest = Math.max(...apart);
  assert.ok(farthest < 1e-5, `an answer differs by ${farthest}`);
  return `${rows.length} rows, at most ${farthest.toExponential(1)} apart`;
}

const answerSchema = z.object({
  model_version: z.string(),
  outputs: z.tuple([z.object({ data: z.array(z.number()) })]),
});

async function askServer(play: Play, rows: number[][]): Promise<{ version: string; answers: number[] }> {
  const ports = githubPorts({
    octokit: play.ada.octokit,
    owner: here.owner,
    repo: here.repo,
    writer: { kind: "actions" },
  });
  const server = await serveModel({ port: 0, host: "127.0.0.1", source: stageSource(ports, "churn", "production") });
  try {
    const inputs = [{ name: "features", shape: [rows.length, 8], datatype: "FP32", data: rows.flat() }];
    const response = await fetch(`${server.url}/v2/models/churn/infer`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ inputs, outputs: [{ name: "probabilities" }] }),
    });
    const answer = answerSchema.parse(await response.json());
    return { version: answer.model_version, answers: answer.outputs[0].data };
  } finally {
    await server.close();
  }
}

/** What GTO reads out of a fresh clone is what we say of it. */
export async function compareRegistries(play: Play, bin: string): Promise<string> {
  const folder = join(play.folder, "fresh");
  await mustRun("git", ["clone", "--quiet", play.ada.cloneUrl(`${here.owner}/${here.repo}`), folder]);
  const gto = JSON.parse(await mustRun(join(bin, "gto"), ["show", "--json"], { cwd: folder }));
  const said = await runCli(folder, ["status", "--json"]);
  assert.equal(said.code, 0, said.stderr);
  const [ours] = JSON.parse(said.stdout);
  assert.deepEqual(gto, {
    churn: {
      version: ours.newest,
      stage: { production: ours.stages[0].standing.version },
      registered: true,
      active: true,
    },
  });
  const history = JSON.parse(await mustRun(join(bin, "gto"), ["history", "churn", "--json"], { cwd: folder }));
  const events = history.map((one: { event: string; version: string }) => `${one.event} ${one.version}`).toReversed();
  assert.deepEqual(events, ["registration v1.0.0", "assignment v1.0.0", "registration v1.1.0", "assignment v1.1.0"]);
  return `${gto.churn.version} at production, ${events.length} events`;
}

/** The loop written out into the team's own workflow goes on where the called one was: a worse model is refused. */
export async function expand(play: Play): Promise<string> {
  const { clone } = play;
  const workflow = await play.propose("expanded", "Write the loop out", async () => {
    const config = join(clone.folder, ".github", "trainyard.yml");
    const before = await readFile(config, "utf8");
    const said = await runCli(clone.folder, ["init", "--model", "churn", "--expanded", "--force"]);
    assert.equal(said.code, 0, said.stderr);
    await writeFile(config, before);
  });
  assert.equal(await play.verdict(workflow), "success");
  await play.merge(workflow);
  const worse = await play.propose("simple", "Back to simple", async () => await setModel(play, "logistic"));
  const report = await play.report(worse);
  assert.match(report, /🔴 churn: /);
  assert.equal(await play.verdict(worse), "failure");
  assert.ok(play.jobs().includes("verdict"), "no job of the written out loop ran");
  assert.equal(await standing(play), "v1.1.0");
  return firstLine(report);
}

/** The training data outside of git, as assets of a release: the job trains on it, and says the same as before. */
export async function storeData(play: Play): Promise<string> {
  const { folder } = play.clone;
  const repository = `${play.sandbox.forge.urls.server}/${here.owner}/${here.repo}`;
  const pull = await play.propose("stored-data", "Keep the data outside of git", async () => {
    await setModel(play, "boosting");
    const config = join(folder, ".github", "trainyard.yml");
    await writeFile(
      config,
      (await readFile(config, "utf8")).replace("version: 1\n", "version: 1\ndata: { store: releases }\n"),
    );
    await mustRun("git", ["rm", "--quiet", "--cached", "data/train.csv"], { cwd: folder });
    const options = ["--repository", repository, "--api", play.sandbox.forge.urls.api, "--token", play.ada.token];
    const said = await runCli(folder, ["data", "add", "data/train.csv", ...options]);
    assert.equal(said.code, 0, said.stderr);
  });
  const report = await play.report(pull);
  assert.match(report, /🟢 churn: /);
  assert.equal(await play.verdict(pull), "success");
  const { data: release } = await play.ada.octokit.rest.repos.getReleaseByTag({ ...here, tag: "trainyard-data" });
  assert.deepEqual([release.prerelease, release.assets.length], [true, 1]);
  return firstLine(report);
}

async function setModel(play: Play, name: string): Promise<void> {
  await writeFile(join(play.clone.folder, "params.json"), `{ "model": "${name}" }\n`);
}

async function standing(play: Play): Promise<string | undefined> {
  const repository = `${play.sandbox.forge.urls.server}/${here.owner}/${here.repo}`;
  const options = ["--repository", repository, "--token", play.ada.token, "--json"];
  const said = await runCli(play.folder, ["status", ...options]);
  assert.equal(said.code, 0, said.stderr);
  return JSON.parse(said.stdout)[0]?.stages[0]?.standing?.version;
}

async function readRows(file: string): Promise<number[][]> {
  const [, ...lines] = (await readFile(file, "utf8")).trim().split("\n");
  return lines.map((line) => line.split(",").slice(0, -1).map(Number));
}

const firstLine = (report: string): string =>
  (report.split("\n").find((line) => line.startsWith("###")) ?? "").replace("### ", "");
