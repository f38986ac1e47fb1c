import type { Check, Checks, CheckState } from "#core/ports.ts";
import { ask, mayHaveHappened } from "#github/client/explain-error.ts";
import { at, once, type GitHub, type Writer } from "#github/client/octokit.ts";
import { slugOf } from "#github/client/own.ts";

/** The name of our check run, which branch protection can require. */
export const checkName = "trainyard";

/** The Checks port on GitHub's API. A check of the same name by anybody else is not ours. */
export function githubChecks(github: GitHub, writer: Writer): Checks {
  const { octokit } = github;
  const act = (what: string, permission: string) => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission,
  });

  async function find(head: string): Promise<(Check & { id: number }) | undefined> {
    const { data } = await ask(act(`read the checks of "${head}"`, "checks: read"), async () =>
      octokit.request("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
        ...at(github),
        ref: head,
        check_name: checkName,
        per_page: 100,
      }),
    );
    const own = data.check_runs.filter((run) => run.name === checkName && run.app?.slug === slugOf(writer));
    const newest = own.toSorted((a, b) => Number(b.id) - Number(a.id))[0];
    if (newest === undefined) return undefined;
    return {
      id: Number(newest.id),
      state: readState(newest.status, newest.conclusion),
      title: newest.output.title ?? "",
      summary: newest.output.summary ?? "",
      externalId: newest.external_id ?? "",
    };
  }

  return {
    find,
    async create(head, check) {
      const create = async (): Promise<void> => {
        await ask(act(`create the check of "${head}"`, "checks: write"), async () =>
          octokit.request("POST /repos/{owner}/{repo}/check-runs", {
            ...at(github),
            name: checkName,
            head_sha: head,
            ...writeCheck(check),
            request: once,
          }),
        );
      };
      try {
        await create();
      } catch (error) {
        if (!mayHaveHappened(error)) throw error;
        if ((await find(head))?.externalId !== check.externalId) await create();
      }
    },
    async update(id, check) {
      await ask(act(`update the check ${id}`, "checks: write"), async () =>
        octokit.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
          ...at(github),
          check_run_id: id,
          ...writeCheck(check),
        }),
      );
    },
  };
}

function writeCheck({ state, title, summary, externalId, annotations = [] }: Check) {
  const placed = annotations.flatMap(({ level, title: about, message, path, line }) =>
    path === undefined || line === undefined
      ? []
      : [{ path, start_line: line, end_line: line, annotation_level: level, title: about, message }],
  );
  const output = { title, summary, ...(placed.length === 0 ? {} : { annotations: placed }) };
  const rest = { external_id: externalId, output };
  return state.kind === "completed"
    ? { status: "completed" as const, conclusion: state.conclusion, ...rest }
    : { status: "in_progress" as const, ...rest };
}

/** A conclusion that we never write (skipped, stale, cancelled…) counts as a failure: it must not pass for green. */
function readState(status: string, conclusion: string | null): CheckState {
  if (status !== "completed") return { kind: "in_progress" };
  if (conclusion === "success" || conclusion === "action_required" || conclusion === "neutral")
    return { kind: "completed", conclusion };
  return { kind: "completed", conclusion: "failure" };
}
