import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import type { Job } from "#actions/job.ts";
import { githubRuns } from "#github/github-runs.ts";
import { githubObjects } from "#github/objects/github-objects.ts";
import { githubPorts } from "#github/github-ports.ts";
import { scriptedGithub, type Scripted } from "#test/contract/fixture/scripted-github.ts";

/** What artifacts hold: bytes or text by path, by the artifact's name. */
export type Artifacts = Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;

export const run = 4711;

/** A job of a run that has these artifacts, whoever left them, on a service that knows nothing else but `more`. */
export async function jobOfRun(
  artifacts: Artifacts,
  more: Record<string, Scripted | readonly Scripted[]> = {},
  job: Partial<Job> = {},
): Promise<{ job: Job; calls(): readonly string[] } & AsyncDisposable> {
  const base = "GET /repos/acme/shop/actions";
  const listed = Object.keys(artifacts).map((name, index) => ({ id: index + 1, name, expired: false }));
  const zips = Object.values(artifacts).map((files, index): [string, Scripted] => [
    `${base}/artifacts/${index + 1}/zip`,
    { body: zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))) },
  ]);
  const server = await scriptedGithub({
    [`${base}/runs/${run}/artifacts`]: { body: { total_count: listed.length, artifacts: listed } },
    ...Object.fromEntries(zips),
    ...more,
  });
  const { octokit, owner, repo } = server.github;
  const folder = await mkdtemp(join(tmpdir(), "trainyard-job-"));
  return {
    job: {
      ports: githubPorts({ octokit, owner, repo, writer: { kind: "actions" } }),
      runs: githubRuns(server.github),
      trigger: { kind: "pull", number: 7, fork: false },
      owner,
      repository: repo,
      run,
      attempt: 1,
      saysAgain: false,
      token: "ghs_test",
      cloneUrl: server.url,
      releaseObjects: () => githubObjects(server.github),
      isPrivate: false,
      folder,
      ...job,
    },
    calls: server.calls,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
