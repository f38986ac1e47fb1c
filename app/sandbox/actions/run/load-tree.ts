import { defaultPermissions, findExcess, spellOut } from "#sandbox/actions/workflow/permissions.ts";
import type { JobPermissions } from "#sandbox/actions/workflow/permissions.ts";
import { readWorkflow } from "#sandbox/actions/workflow/read-workflow.ts";
import type { Source } from "#sandbox/actions/workflow/source.ts";
import { text } from "#sandbox/actions/workflow/template-access.ts";
import type { Job, Problem, Workflow } from "#sandbox/actions/workflow/workflow.ts";

/** A workflow with all that it calls, found, read and checked. */
export type WorkflowTree = {
  workflow: Workflow;
  source: Source;
  calls: ReadonlyMap<string, WorkflowTree>;
  /** of every job: what its token may do, or what the workflow it calls may hand out */
  permissions: ReadonlyMap<string, JobPermissions>;
};

export type TreeReading = { kind: "tree"; tree: WorkflowTree } | { kind: "invalid"; problems: readonly Problem[] };

type FindSource = (repository: string, ref: string) => Promise<Source | undefined>;
type Caller = { granted: JobPermissions; chain: readonly string[] };

const maxDepth = 10;

/** Reads a workflow and, level by level, what it calls; a mistake anywhere makes the whole run invalid at start. */
export async function loadTree(source: Source, path: string, find: FindSource, caller?: Caller): Promise<TreeReading> {
  const content = await source.read(path);
  if (content === undefined) {
    return invalid(path, `"${path}" does not exist in ${source.repository} at ${source.sha}`);
  }
  const reading = await readWorkflow(path, content);
  if (reading.kind === "invalid") return { kind: "invalid", problems: reading.problems };
  const { workflow } = reading;
  const problems: Problem[] = [];
  const calls = new Map<string, WorkflowTree>();
  const permissions = new Map<string, JobPermissions>();
  for (const job of workflow.jobs.values()) {
    const written = job.permissions ?? workflow.permissions;
    const asked = written === undefined ? (caller?.granted ?? defaultPermissions) : spellOut(written);
    permissions.set(job.id, asked);
    if (caller !== undefined) {
      const excess = findExcess(asked, caller.granted);
      if (excess.length > 0) {
        const wants = excess.map((one) => `'${one.name}: ${one.asked}'`).join(", ");
        const allowed = excess.map((one) => `'${one.name}: ${one.granted}'`).join(", ");
        problems.push({
          file: path,
          ...job.at,
          message: `Error calling workflow '${path}'. The nested job '${job.id}' is requesting ${wants}, but is only allowed ${allowed}.`,
        });
      }
    }
    if (job.kind !== "call") continue;
    const called = await loadCall(job, source, path, find, {
      granted: asked,
      chain: [...(caller?.chain ?? []), `${source.repository}/${path}`],
    });
    if (called.kind === "invalid") problems.push(...called.problems);
    else {
      problems.push(...checkCall(job, called.tree, path));
      calls.set(job.id, called.tree);
    }
  }
  if (problems.length > 0) return { kind: "invalid", problems };
  return { kind: "tree", tree: { workflow, source, calls, permissions } };
}

async function loadCall(
  job: Extract<Job, { kind: "call" }>,
  source: Source,
  file: string,
  find: FindSource,
  caller: Caller,
): Promise<TreeReading> {
  if (caller.chain.length >= maxDepth) {
    return invalid(file, `Workflows may call each other ${maxDepth} levels deep, not deeper`, job);
  }
  if (job.uses.startsWith("./") || job.uses.startsWith("$/")) {
    if (job.uses.includes("@")) {
      return invalid(file, `"uses: ${job.uses}" takes no "@ref": it is of the same commit`, job);
    }
    return relabel(await loadTree(source, job.uses.slice(2), find, caller), job, file);
  }
  const [name = "", ref = ""] = job.uses.split("@");
  const [owner = "", repo = "", ...path] = name.split("/");
  if (ref === "" || path.length === 0) {
    return invalid(
      file,
      `"uses: ${job.uses}" is no workflow: expected ./path, $/path or owner/repo/.github/workflows/file@ref`,
      job,
    );
  }
  const other = await find(`${owner}/${repo}`, ref);
  if (other === undefined) {
    return invalid(
      file,
      `error parsing called workflow "${job.uses}": workflow was not found. The sandbox has no repository "${owner}/${repo}" with "${ref}"; create it, or map it with the setting "repositories"`,
      job,
    );
  }
  return relabel(await loadTree(other, path.join("/"), find, caller), job, file);
}

/** A mistake in a called file is shown where it is called, too. */
function relabel(reading: TreeReading, job: Job, file: string): TreeReading {
  if (reading.kind === "tree") return reading;
  const first = reading.problems[0];
  return {
    kind: "invalid",
    problems: [
      {
        file,
        ...job.at,
        message: `error parsing called workflow "${job.kind === "call" ? job.uses : job.id}": ${first?.message ?? ""}`,
      },
      ...reading.problems,
    ],
  };
}

/** Inputs and secrets against what the called workflow declares. */
function checkCall(job: Extract<Job, { kind: "call" }>, tree: WorkflowTree, file: string): Problem[] {
  const { call } = tree.workflow.triggers;
  const problem = (message: string): Problem => ({ file, ...job.at, message });
  if (call === undefined) {
    return [problem(`workflow "${tree.workflow.path}" is not reusable as it is missing a 'on.workflow_call' trigger`)];
  }
  const inputs = new Map(job.with?.kind === "map" ? job.with.entries.map((one) => [one.key, one.value]) : []);
  const secrets = job.secrets;
  const given = new Set(
    typeof secrets === "object" && secrets.kind === "map" ? secrets.entries.map((one) => one.key) : [],
  );
  return [
    ...[...inputs.keys()]
      .filter((name) => !call.inputs.has(name))
      .map((name) => problem(`Invalid input, ${name} is not defined in the referenced workflow.`)),
    ...[...call.inputs]
      .filter(([name, { required }]) => required && !inputs.has(name))
      .map(([name]) => problem(`Input ${name} is required, but not provided while calling.`)),
    ...[...call.inputs]
      .filter(([name, { type }]) => isWrongLiteral(text(inputs.get(name)), type))
      .map(([name, { type }]) => problem(`Input ${name} must be a ${type}.`)),
    ...[...given]
      .filter((name) => !call.secrets.has(name))
      .map((name) => problem(`Invalid secret, ${name} is not defined in the referenced workflow.`)),
    ...[...call.secrets]
      .filter(([name, required]) => required && secrets !== "inherit" && !given.has(name))
      .map(([name]) => problem(`Secret ${name} is required, but not provided while calling.`)),
  ];
}

function isWrongLiteral(literal: string | undefined, type: string): boolean {
  if (literal === undefined) return false;
  if (type === "boolean") return literal !== "true" && literal !== "false";
  return type === "number" && (literal === "" || Number.isNaN(Number(literal)));
}

function invalid(file: string, message: string, job?: Job): TreeReading {
  return { kind: "invalid", problems: [{ file, line: job?.at.line ?? 1, column: job?.at.column ?? 1, message }] };
}
