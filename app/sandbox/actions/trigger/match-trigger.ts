import type { TriggerFilter, Triggers } from "#sandbox/actions/workflow/workflow.ts";
import { matchesList } from "./path-pattern.ts";

/** What filters look at. */
export type Occasion = {
  event: string;
  action: string | null;
  /** the branch that `branches` means: pushed to, or the base of a pull request */
  branch: string | undefined;
  tag: string | undefined;
  /** name of the workflow that a `workflow_run` is about */
  workflowName: string | undefined;
  /** undefined: cannot be told, so every path filter lets it through */
  changedPaths(): Promise<readonly string[] | undefined>;
};

/** Activity types that start a run where a workflow names none. */
const defaultTypes: Readonly<Record<string, readonly string[]>> = {
  pull_request: ["opened", "synchronize", "reopened"],
  pull_request_target: ["opened", "synchronize", "reopened"],
  merge_group: ["checks_requested"],
};

/** GitHub's path filters look at the first 300 files only. */
const lookedAt = 300;

/** Whether an event starts a workflow with this `on:`. */
export async function matchesTrigger(triggers: Triggers, occasion: Occasion): Promise<boolean> {
  const filter = triggers.events.get(occasion.event);
  if (filter === undefined) return false;
  const types = filter.types ?? defaultTypes[occasion.event];
  if (types !== undefined && occasion.action !== null && !types.includes(occasion.action)) return false;
  if (filter.workflows !== undefined && !filter.workflows.includes(occasion.workflowName ?? "")) return false;
  return matchesRef(filter, occasion) && matchesPaths(filter, occasion);
}

function matchesRef(filter: TriggerFilter, { branch, tag }: Occasion): boolean {
  const branches = filter.branches !== undefined || filter.branchesIgnore !== undefined;
  const tags = filter.tags !== undefined || filter.tagsIgnore !== undefined;
  if (!branches && !tags) return true;
  if (branch !== undefined) {
    if (filter.branches !== undefined) return matchesList(filter.branches, branch);
    if (filter.branchesIgnore !== undefined) return !matchesList(filter.branchesIgnore, branch);
    return false;
  }
  if (tag !== undefined) {
    if (filter.tags !== undefined) return matchesList(filter.tags, tag);
    if (filter.tagsIgnore !== undefined) return !matchesList(filter.tagsIgnore, tag);
    return false;
  }
  return true;
}

async function matchesPaths(filter: TriggerFilter, occasion: Occasion): Promise<boolean> {
  const { paths, pathsIgnore } = filter;
  if ((paths === undefined && pathsIgnore === undefined) || occasion.tag !== undefined) return true;
  const changed = (await occasion.changedPaths())?.slice(0, lookedAt);
  if (changed === undefined) return true;
  if (paths !== undefined) return changed.some((path) => matchesList(paths, path));
  return changed.length === 0 || changed.some((path) => !matchesList(pathsIgnore ?? [], path));
}
