import { dirname } from "node:path";
import { coerceText } from "#sandbox/actions/expression/evaluate-template.ts";
import type { JobState, StepPlace } from "./job-state.ts";

const systemPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Everything that a step's process finds in its environment: what GitHub's runner would set, nothing of this process. */
export function stepEnvironment(
  state: JobState,
  place: StepPlace,
  own: {
    env: Readonly<Record<string, string>>;
    action: string;
    files: Readonly<Record<string, string>>;
  },
): Record<string, string> {
  const { machine } = state;
  const path = [...state.path, dirname(process.execPath), ...machine.path, ...systemPath].join(":");
  return {
    CI: "true",
    HOME: machine.home,
    LANG: "C.UTF-8",
    SHELL: "/bin/bash",
    USER: "runner",
    PATH: path,
    ...machine.env,
    ...own.env,
    // A step may extend PATH through its own env, as on GitHub.
    ...(own.env["PATH"] === undefined ? {} : { PATH: own.env["PATH"] }),
    ...githubVariables(state, place, own.action),
    ...own.files,
    RUNNER_ARCH: process.arch === "arm64" ? "ARM64" : "X64",
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_NAME: machine.name,
    RUNNER_OS: "Linux",
    RUNNER_TEMP: machine.temp,
    RUNNER_TOOL_CACHE: machine.toolCache,
    RUNNER_WORKSPACE: dirname(machine.workspace),
    RUNNER_TRACKING_ID: state.trackingId,
  };
}

/** What only actions get: the artifact and cache services. */
export function serviceVariables(state: JobState): Record<string, string> {
  const results = state.platform.urls.results;
  if (results === undefined) return {};
  return {
    ACTIONS_RUNTIME_TOKEN: state.tokens.runtime,
    ACTIONS_RUNTIME_URL: `${results}/`,
    ACTIONS_RESULTS_URL: `${results}/`,
    ACTIONS_CACHE_URL: `${results}/`,
    ACTIONS_CACHE_SERVICE_V2: "True",
  };
}

function githubVariables(state: JobState, place: StepPlace, action: string): Record<string, string> {
  const github: Record<string, unknown> = Object.fromEntries(Object.entries(state.contexts["github"] ?? {}));
  const names = [
    "actor",
    "actor_id",
    "api_url",
    "base_ref",
    "event_name",
    "event_path",
    "graphql_url",
    "head_ref",
    "job",
    "ref",
    "ref_name",
    "ref_protected",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "retention_days",
    "run_attempt",
    "run_id",
    "run_number",
    "server_url",
    "sha",
    "triggering_actor",
    "workflow",
    "workflow_ref",
    "workflow_sha",
    "workspace",
  ];
  return {
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION: action,
    GITHUB_ACTION_REPOSITORY: place.action?.repository ?? "",
    GITHUB_ACTION_REF: place.action?.ref ?? "",
    ...(place.action === undefined ? {} : { GITHUB_ACTION_PATH: place.action.path }),
    ...Object.fromEntries(names.map((name) => [`GITHUB_${name.toUpperCase()}`, coerceText(github[name])])),
  };
}
