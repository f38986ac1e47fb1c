import type { Source } from "#sandbox/actions/workflow/source.ts";
import type { JobRecord } from "./run-record.ts";

export type Person = { login: string; id: number };

/** Secrets and variables that a job gets on top when it names an environment. */
export type EnvironmentSettings = {
  secrets?: Readonly<Record<string, string>>;
  vars?: Readonly<Record<string, string>>;
};

/** Everything that a run depends on, gathered when its event came. */
export type RunRequest = {
  id: number;
  repository: { fullName: string; id: number; ownerId: number; defaultBranch: string };
  /** the commit that holds the workflow file */
  source: Source;
  /** path of the workflow file */
  workflow: string;
  event: { name: string; payload: Readonly<Record<string, unknown>> };
  /** GITHUB_SHA, GITHUB_REF */
  sha: string;
  ref: string;
  headSha: string;
  headBranch: string | null;
  headRepository: string;
  /** source and target branch of a pull request, else "" */
  headRef: string;
  baseRef: string;
  refProtected: boolean;
  actor: Person;
  triggeringActor: Person;
  pullRequests: readonly number[];
  title: string;
  /** of a dispatch, with their types */
  inputs: Readonly<Record<string, string | number | boolean>>;
  secrets: Readonly<Record<string, string>>;
  vars: Readonly<Record<string, string>>;
  environments: Readonly<Record<string, EnvironmentSettings>>;
  /** a fork's pull request: no write, no secrets */
  fromFork: boolean;
  runNumber: number;
  attempt: number;
  /** for another attempt: the jobs that are not run again unless one they need is, by key */
  reuse: ReadonlyMap<string, JobRecord>;
};
