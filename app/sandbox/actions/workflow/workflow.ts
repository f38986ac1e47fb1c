import type { Position, Template } from "./template.ts";

/** A mistake in a workflow or action file. */
export type Problem = Position & { file: string; message: string };

export type InputDefinition = {
  type: "string" | "boolean" | "number" | "choice" | "environment";
  required: boolean;
  default: Template | undefined;
  options: readonly string[];
};

/** What a `workflow_call` takes and gives. */
export type CallInterface = {
  inputs: ReadonlyMap<string, InputDefinition>;
  /** name → required */
  secrets: ReadonlyMap<string, boolean>;
  outputs: ReadonlyMap<string, Template>;
};

export type TriggerFilter = {
  types?: readonly string[];
  branches?: readonly string[];
  branchesIgnore?: readonly string[];
  tags?: readonly string[];
  tagsIgnore?: readonly string[];
  paths?: readonly string[];
  pathsIgnore?: readonly string[];
  workflows?: readonly string[];
};

export type Triggers = {
  /** events other than the three below */
  events: ReadonlyMap<string, TriggerFilter>;
  schedule: readonly { cron: string; timezone: string }[];
  dispatch: ReadonlyMap<string, InputDefinition> | undefined;
  call: CallInterface | undefined;
};

/** As written; `null` where nothing is written. `all` stands for `read-all` and `write-all`. */
export type WrittenPermissions =
  | { kind: "all"; level: "read" | "write" }
  | { kind: "some"; levels: Readonly<Record<string, "read" | "write" | "none">> };

export type Step = {
  id: string | undefined;
  name: Template | undefined;
  if: string | undefined;
  env: Template | undefined;
  continueOnError: Template | undefined;
  timeoutMinutes: Template | undefined;
  at: Position;
} & (
  | { kind: "run"; run: Template; shell: Template | undefined; workingDirectory: Template | undefined }
  | { kind: "uses"; uses: string; with: Template | undefined }
);

export type Job = {
  id: string;
  name: Template | undefined;
  needs: readonly string[];
  if: string | undefined;
  strategy: Template | undefined;
  concurrency: Template | undefined;
  permissions: WrittenPermissions | undefined;
  at: Position;
} & (
  | {
      kind: "steps";
      runsOn: Template | undefined;
      env: Template | undefined;
      defaults: Template | undefined;
      outputs: Template | undefined;
      environment: Template | undefined;
      timeoutMinutes: Template | undefined;
      continueOnError: Template | undefined;
      steps: readonly Step[];
    }
  | {
      kind: "call";
      uses: string;
      with: Template | undefined;
      secrets: Template | "inherit" | undefined;
    }
);

export type Workflow = {
  /** path inside its repository */
  path: string;
  /** the written name, else the path */
  name: string;
  runName: Template | undefined;
  triggers: Triggers;
  env: Template | undefined;
  defaults: Template | undefined;
  permissions: WrittenPermissions | undefined;
  concurrency: Template | undefined;
  jobs: ReadonlyMap<string, Job>;
};
