import { loadParser } from "./load-parser.ts";
import { readPermissions } from "./read-permissions.ts";
import { readSteps } from "./read-steps.ts";
import { readTriggers } from "./read-triggers.ts";
import { readTemplate } from "./template.ts";
import type { Template } from "./template.ts";
import { at, conditionSource, entries, get, text, texts } from "./template-access.ts";
import type { Job, Problem, Triggers, Workflow } from "./workflow.ts";

export type WorkflowReading =
  | { kind: "workflow"; workflow: Workflow }
  /** `name` and `triggers` as far as they could be read */
  | { kind: "invalid"; name: string; triggers: Triggers | undefined; problems: readonly Problem[] };

const read = new Map<string, Promise<WorkflowReading>>();
/** The same file is read for every event. */
const remembered = 200;

/** Reads a workflow file as GitHub does: schema, expressions, job graph; every problem with its line and column. */
export function readWorkflow(path: string, content: string): Promise<WorkflowReading> {
  const key = `${path}\0${content}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const reading = parse(path, content);
  read.set(key, reading);
  const oldest = read.size > remembered ? read.keys().next().value : undefined;
  if (oldest !== undefined) read.delete(oldest);
  return reading;
}

async function parse(path: string, content: string): Promise<WorkflowReading> {
  const parser = await loadParser();
  const parsed = parser.parseWorkflow({ name: path, content }, parser.trace);
  if (parsed.value !== undefined && parsed.context.errors.count === 0) {
    await parser.convertWorkflowTemplate(parsed.context, parsed.value);
  }
  const problems = parsed.context.errors.getErrors().map((error) => ({
    file: path,
    line: error.range?.start.line ?? 1,
    column: error.range?.start.column ?? 1,
    message: error.rawMessage.split("\n")[0] ?? error.rawMessage,
  }));
  const root = parsed.value === undefined ? undefined : readTemplate(parsed.value, content);
  const name = text(get(root, "name")) ?? path;
  const on = get(root, "on");
  const triggers = on === undefined ? undefined : readTriggers(on);
  if (root === undefined || triggers === undefined || problems.length > 0) {
    return { kind: "invalid", name, triggers, problems };
  }
  const jobs = new Map(entries(get(root, "jobs")).map(({ key, value }) => [key, readJob(key, value, path, problems)]));
  problems.push(...checkNeeds(jobs, path));
  if (problems.length > 0) return { kind: "invalid", name, triggers, problems };
  return {
    kind: "workflow",
    workflow: {
      path,
      name,
      runName: get(root, "run-name"),
      triggers,
      env: get(root, "env"),
      defaults: get(root, "defaults"),
      permissions: readPermissions(get(root, "permissions")),
      concurrency: get(root, "concurrency"),
      jobs,
    },
  };
}

function readJob(id: string, job: Template, file: string, problems: Problem[]): Job {
  const common = {
    id,
    name: get(job, "name"),
    needs: texts(get(job, "needs")),
    if: conditionSource(get(job, "if")),
    strategy: get(job, "strategy"),
    concurrency: get(job, "concurrency"),
    permissions: readPermissions(get(job, "permissions")),
    at: at(job),
  };
  const uses = text(get(job, "uses"));
  if (uses !== undefined) {
    const secrets = get(job, "secrets");
    return {
      kind: "call",
      ...common,
      uses,
      with: get(job, "with"),
      secrets: text(secrets) === "inherit" ? "inherit" : secrets,
    };
  }
  for (const unknown of ["container", "services", "snapshot"]) {
    const found = get(job, unknown);
    if (found !== undefined) {
      problems.push({ file, ...at(found), message: `The sandbox runs no "${unknown}" (job "${id}")` });
    }
  }
  return {
    kind: "steps",
    ...common,
    runsOn: get(job, "runs-on"),
    env: get(job, "env"),
    defaults: get(job, "defaults"),
    outputs: get(job, "outputs"),
    environment: get(job, "environment"),
    timeoutMinutes: get(job, "timeout-minutes"),
    continueOnError: get(job, "continue-on-error"),
    steps: readSteps(get(job, "steps"), file, problems),
  };
}

/** The parser leaves cycles and unknown names of a partly valid graph to the server. */
function checkNeeds(jobs: ReadonlyMap<string, Job>, file: string): Problem[] {
  const done = new Set<string>();
  for (let moved = true; moved;) {
    moved = false;
    for (const job of jobs.values()) {
      if (!done.has(job.id) && job.needs.every((need) => done.has(need))) {
        done.add(job.id);
        moved = true;
      }
    }
  }
  return [...jobs.values()]
    .filter((job) => !done.has(job.id))
    .map((job) => ({
      file,
      ...job.at,
      message: `Job '${job.id}' needs '${job.needs.filter((need) => !done.has(need)).join("', '")}', which does not exist or depends on it`,
    }));
}
