import { dirname } from "node:path";
import type { Scope } from "#sandbox/actions/expression/evaluate.ts";
import { hashFiles } from "#sandbox/actions/expression/hash-files.ts";
import type { JobState, StepPlace } from "./job-state.ts";

/** What an expression sees in a step. A composite action sees no secrets, needs or vars of the workflow. */
export function scopeOf(state: JobState, place: StepPlace, env: Readonly<Record<string, string>>): Scope {
  const { contexts, machine, record } = state;
  const github = {
    ...(typeof contexts["github"] === "object" ? contexts["github"] : {}),
    action: place.action?.name ?? "",
    ...(place.action === undefined
      ? {}
      : {
          action_path: place.action.path,
          action_repository: place.action.repository,
          action_ref: place.action.ref,
          action_status: place.status,
        }),
  };
  const shared = {
    github,
    env,
    steps: place.steps,
    inputs: place.inputs,
    strategy: contexts["strategy"],
    matrix: contexts["matrix"],
    job: {
      status: state.status,
      check_run_id: record.id,
      workflow_ref: `${state.source.repository}/${state.workflowPath}@${state.source.ref}`,
      workflow_sha: state.source.sha,
      workflow_repository: state.source.repository,
      workflow_file_path: state.workflowPath,
    },
    runner: runnerContext(state),
  };
  return {
    contexts:
      place.kind === "composite"
        ? shared
        : {
            ...shared,
            secrets: contexts["secrets"],
            needs: contexts["needs"],
            vars: contexts["vars"],
          },
    status: {
      success: () => statusOf(state, place) === "success",
      failure: () => statusOf(state, place) === "failure",
      cancelled: () => state.cancellation.level !== "none",
    },
    hashFiles: (patterns) => hashFiles(machine.workspace, patterns),
  };
}

function statusOf(state: JobState, place: StepPlace): StepPlace["status"] {
  if (state.cancellation.level !== "none") return "cancelled";
  return place.kind === "composite" ? place.status : state.status;
}

function runnerContext(state: JobState): Record<string, string> {
  return {
    name: state.machine.name,
    os: "Linux",
    arch: process.arch === "arm64" ? "ARM64" : "X64",
    environment: "github-hosted",
    temp: state.machine.temp,
    tool_cache: state.machine.toolCache,
    workspace: dirname(state.machine.workspace),
    debug: "",
  };
}
