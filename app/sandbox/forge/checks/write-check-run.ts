import { type Actor, type Forge, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { emitFilled } from "#sandbox/forge/events/emit-filled.ts";
import type { CheckAction, CheckAnnotation, CheckConclusion, CheckRunRecord, CheckStatus } from "./check-run.ts";
import { presentCheckRun } from "./check-run.ts";
import { type CheckSuiteRecord, judgeSuite, openCheckSuite, presentCheckSuite, runsOfSuite } from "./check-suite.ts";

/** What may be written; the validator has checked types, lengths and counts. */
export type WrittenCheckRun = {
  name?: string;
  head_sha?: string;
  details_url?: string;
  external_id?: string;
  status?: CheckStatus;
  conclusion?: CheckConclusion;
  started_at?: string;
  completed_at?: string;
  output?: {
    title?: string;
    summary: string;
    text?: string;
    annotations?: readonly CheckAnnotation[];
    images?: unknown;
  };
  actions?: readonly CheckAction[];
};

/** Adds a check run of an app to a commit and tells of it. `run`: the workflow run whose job it is. Throws 422. */
export async function createCheckRun(
  forge: Forge,
  repo: Repo,
  app: number,
  written: WrittenCheckRun & { name: string; head_sha: string; run?: number },
  actor: Actor,
): Promise<CheckRunRecord> {
  const { name, head_sha, run } = written;
  if ((await repo.git.commit(head_sha)) === undefined) throw githubError(422, `No commit found for SHA: ${head_sha}`);
  const suite = await openCheckSuite(forge, repo, { app, head_sha, ...(run === undefined ? {} : { run }) });
  const blank: CheckRunRecord = {
    id: forge.nextId(),
    name,
    head_sha,
    suite: suite.id,
    app,
    external_id: "",
    details_url: null,
    status: "queued",
    conclusion: null,
    started_at: forge.instant(),
    completed_at: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  const created = repo.store<CheckRunRecord>("check-runs").add({ ...blank, ...readChange(forge, blank, written) });
  emitFilled(forge, repo, "check_run", "created", { check_run: presentCheckRun(forge, repo, created) }, actor);
  if (created.status === "completed") await tellCompleted(forge, repo, created, actor);
  return created;
}

/** Changes a check run and tells when it is completed. Annotations are added to those there are. Throws 422. */
export async function updateCheckRun(
  forge: Forge,
  repo: Repo,
  run: CheckRunRecord,
  written: WrittenCheckRun,
  actor: Actor,
): Promise<CheckRunRecord> {
  const changed = repo.store<CheckRunRecord>("check-runs").set(run.id, readChange(forge, run, written));
  const isFinished =
    changed.status === "completed" && (run.status !== "completed" || run.conclusion !== changed.conclusion);
  if (isFinished) await tellCompleted(forge, repo, changed, actor);
  return changed;
}

function readChange(forge: Forge, run: CheckRunRecord, written: WrittenCheckRun): Partial<CheckRunRecord> {
  const { output, actions, name, details_url, external_id, started_at } = written;
  return {
    ...(name === undefined ? {} : { name }),
    ...(details_url === undefined ? {} : { details_url }),
    ...(external_id === undefined ? {} : { external_id }),
    ...(started_at === undefined ? {} : { started_at }),
    ...(actions === undefined ? {} : { actions }),
    ...readState(forge, run, written),
    ...(output === undefined
      ? {}
      : {
          output: {
            title: output.title ?? run.output.title,
            summary: output.summary,
            text: output.text ?? run.output.text,
          },
          annotations: [...run.annotations, ...(output.annotations ?? [])],
        }),
  };
}

/** A conclusion completes; completing needs one; going back to work clears it. */
function readState(
  forge: Forge,
  run: CheckRunRecord,
  { status, conclusion, completed_at }: WrittenCheckRun,
): Partial<CheckRunRecord> {
  if (conclusion === "stale")
    throw githubError(422, `Invalid request.\n\n"stale" is not a possible value: only GitHub sets it.`);
  if (conclusion !== undefined)
    return { status: "completed", conclusion, completed_at: completed_at ?? forge.instant() };
  if (status === "completed") {
    if (run.conclusion === null)
      throw githubError(422, `Invalid request.\n\nNo subschema in "anyOf" matched.\n"conclusion" wasn't supplied.`);
    return completed_at === undefined ? {} : { completed_at };
  }
  return status === undefined ? {} : { status, conclusion: null, completed_at: null };
}

async function tellCompleted(forge: Forge, repo: Repo, run: CheckRunRecord, actor: Actor): Promise<void> {
  emitFilled(forge, repo, "check_run", "completed", { check_run: presentCheckRun(forge, repo, run) }, actor);
  if (judgeSuite(runsOfSuite(repo, run.suite)).status !== "completed") return;
  const suite = repo.store<CheckSuiteRecord>("check-suites").set(run.suite, { updated_at: forge.instant() });
  const check_suite = await presentCheckSuite(forge, repo, suite);
  emitFilled(forge, repo, "check_suite", "completed", { check_suite }, actor);
}
