import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCommitSha } from "#core/names.ts";
import { ServiceError, type WorkflowRun, type Workflows } from "#core/ports.ts";
import { downloadArtifact, listArtifacts } from "./client/artifacts.ts";
import { ask, askMaybe, isConflict } from "./client/explain-error.ts";
import { at, once, type GitHub } from "./client/octokit.ts";
import { startOnce } from "./client/start-once.ts";
import { unpackZip } from "./client/unpack-zip.ts";

const maxRecordBytes = 32 * 1024 * 1024;

/**
 * The Workflows port on GitHub's API. `path` is the team's workflow file, `defaultBranch` where it is started by hand, and
 * `actor` in whose name.
 */
export function githubWorkflows(
  github: GitHub,
  options: { path: string; defaultBranch: () => Promise<string>; saysByJob?: boolean; actor?: string },
): Workflows {
  const { octokit } = github;
  const act = (what: string, access: string) => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission: `actions: ${access}`,
  });

  async function dispatch(
    inputs: Readonly<Record<string, string>>,
    ref: string,
    withDetails: boolean,
  ): Promise<{ run: number | undefined }> {
    const { data } = await ask(act(`start the workflow "${options.path}"`, "write"), async () =>
      octokit.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
        ...at(github),
        workflow_id: options.path.slice(options.path.lastIndexOf("/") + 1),
        ref,
        inputs: { ...inputs },
        ...(withDetails ? { return_run_details: true } : {}),
        request: once,
      }),
    );
    const details: unknown = data;
    return { run: runIdIn(details) };
  }

  return {
    oursStart: options.saysByJob !== true,
    async run(id) {
      const found = await askMaybe(act(`read run ${id}`, "read"), async () =>
        octokit.request("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { ...at(github), run_id: id }),
      );
      const run = found && readRun(found.data);
      // a run of any other workflow says nothing about models, whatever it leaves behind
      return run?.path === options.path ? run : undefined;
    },
    async runsOf(head) {
      const runs = await ask(act(`list the runs of "${head}"`, "read"), async () =>
        octokit.paginate("GET /repos/{owner}/{repo}/actions/runs", { ...at(github), head_sha: head, per_page: 100 }),
      );
      return runs
        .map(readRun)
        .filter((run) => run.path === options.path)
        .toSorted((a, b) => b.id - a.id);
    },
    async record(run, name, file) {
      const artifact = (await listArtifacts(github, run, name)).find((one) => one.name === name && !one.expired);
      if (artifact === undefined) return undefined;
      const scratch = await mkdtemp(join(tmpdir(), "trainyard-record-"));
      try {
        await downloadArtifact(github, artifact, join(scratch, "artifact.zip"), maxRecordBytes);
        const [path] = await unpackZip(join(scratch, "artifact.zip"), file, join(scratch, "files"), maxRecordBytes);
        return path === undefined ? undefined : await readFile(join(scratch, "files", path));
      } catch (error) {
        if (error instanceof ServiceError && error.code === "not-found") return undefined;
        throw error;
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    async dispatch(inputs) {
      const ref = await options.defaultBranch();
      const place = { workflow: options.path, branch: ref, actor: options.actor };
      try {
        return await startOnce(github, place, inputs, async () => await dispatch(inputs, ref, true));
      } catch (error) {
        // an older GitHub does not know the field that makes it name the run
        if (
          !(error instanceof ServiceError) ||
          error.code !== "refused" ||
          !error.message.includes("return_run_details")
        )
          throw error;
        return await startOnce(github, place, inputs, async () => await dispatch(inputs, ref, false));
      }
    },
    async sayAgain(run) {
      if (!options.saysByJob) return;
      try {
        await ask(act(`run ${run} again`, "write"), async () =>
          octokit.request("POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun", {
            ...at(github),
            run_id: run,
            request: once,
          }),
        );
      } catch (error) {
        // it runs already, or is too old: the comment tells all the same
        if (!(error instanceof ServiceError) || error.code === "unreachable" || error.code === "broken") throw error;
      }
    },
    async cancel(run) {
      try {
        await ask(act(`cancel run ${run}`, "write"), async () =>
          octokit.request("POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel", { ...at(github), run_id: run }),
        );
      } catch (error) {
        // it has ended by itself
        if (!isConflict(error)) throw error;
      }
    },
  };
}

type RunData = {
  id: number | bigint;
  run_attempt?: number;
  event: string;
  head_sha: string;
  head_branch: string | null;
  path: string;
  created_at: string;
  status: string | null;
  conclusion: string | null;
  pull_requests: readonly { number: number }[] | null;
  head_repository: { id: number | bigint } | null;
  repository: { id: number | bigint };
  html_url: string;
};

function readRun(data: RunData): WorkflowRun {
  return {
    id: Number(data.id),
    createdAt: new Date(data.created_at),
    attempt: data.run_attempt ?? 1,
    event: data.event,
    head: parseCommitSha(data.head_sha),
    branch: data.head_branch ?? "",
    // GitHub may add "@" and the ref it was read from
    path: data.path.split("@", 1)[0] ?? "",
    status: data.status ?? "",
    conclusion: data.conclusion ?? undefined,
    pull: data.pull_requests?.[0]?.number,
    fork: data.head_repository?.id !== data.repository.id,
    url: data.html_url,
  };
}

function runIdIn(details: unknown): number | undefined {
  if (typeof details !== "object" || details === null || !("workflow_run_id" in details)) return undefined;
  const id = Number(details.workflow_run_id);
  return Number.isSafeInteger(id) ? id : undefined;
}
