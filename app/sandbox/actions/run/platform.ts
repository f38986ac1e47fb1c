import type { JobPermissions } from "#sandbox/actions/workflow/permissions.ts";
import type { BlobStore } from "#sandbox/actions/service/blob-store.ts";
import type { JobMoment } from "#sandbox/forge/faults/fault-plan.ts";
import type { Forge } from "#sandbox/forge/contract.ts";
import type { Source } from "#sandbox/actions/workflow/source.ts";
import type { Cancellation } from "#sandbox/actions/queue/cancellation.ts";
import type { JobRecord, RunRecord } from "./run-record.ts";
import type { RunRequest } from "./run-request.ts";

/** What the executor asks of the place its repositories live in. */
export type Platform = {
  now(): Date;
  nextId(): number;
  urls: {
    /** GITHUB_SERVER_URL: the artifact client wants github.com, *.ghe.com or *.localhost */
    server: string;
    api: string;
    /** ACTIONS_RESULTS_URL; undefined: no artifact and cache services */
    results: string | undefined;
    /** what `owner/name` is appended to for a clone */
    git: string;
  };
  /** The files of a repository at a branch, tag or commit; undefined: there is none. */
  source(repository: string, ref: string): Promise<Source | undefined>;
  /** Where a repository lives on this machine: a bare git repository, or a plain folder. */
  home(repository: string): { kind: "git" | "folder"; folder: string } | undefined;
  /** GITHUB_TOKEN and ACTIONS_RUNTIME_TOKEN of a job. */
  issueTokens(
    request: RunRequest,
    run: RunRecord,
    job: JobRecord,
    permissions: JobPermissions,
  ): { token: string; runtime: string };
  revokeToken(token: string): void;
  /** Waits until a job may go to its environment; `waiting` is called if it has to. */
  mayDeploy?(request: RunRequest, job: JobRecord, cancellation: Cancellation, waiting: () => void): Promise<boolean>;
  /** Is the machine of a job gone now, before a step or at a line of its log? */
  losesRunner?(job: JobRecord, moment: JobMoment): boolean;
  /** where built-in actions keep artifacts and caches; undefined: nowhere */
  services?: { forge: Forge; blobs: BlobStore };
  /** Called with a copy of the record whenever it changes. */
  onRun(run: RunRecord): void;
  onJob(run: RunRecord, job: JobRecord): void;
};
