import type { ConfigProblem } from "#core/config/config.ts";
import type { Comparison, DataReport, RunRecord } from "#core/evidence.ts";
import type { GateVerdict, Verdict } from "#core/gate/verdict.ts";
import type { Failure } from "#core/plan/plan-record.ts";

/** What the comment and the check say about one model of one pull request. */
export type ModelReport = {
  name: string;
  verdict: Verdict | { kind: "pending"; because: string };
  /** version in production now */
  production: string | undefined;
  /** version that merging would make, or go back to */
  next: string | undefined;
  stage: string;
  /** on the base branch's evaluation: what the gates read */
  comparison: Comparison | undefined;
  /** on the evaluation that the pull request proposes */
  proposed: Comparison | undefined;
  /** on more rows, by the name that the config gives them: no gate asks for them */
  windows?: readonly { name: string; comparison: Comparison }[];
  /** the digest that `/accept` may name, where the verdict waits for one */
  evidence?: string | undefined;
  /** it comes from a fork: what it trained is never promoted */
  fork?: boolean | undefined;
  /** the name that it had until now */
  renamed?: string | undefined;
  /** the pull request takes the pin out that held this version */
  unpinned?: string | undefined;
  /** the version that a pin holds: merging moves nothing */
  pinned?: string | undefined;
  /** which definitions the pull request changes: said first */
  changes: { evaluation: boolean; gates: boolean; promotion: boolean };
  /** where nothing new would ship: what production does by the gates that the pull request proposes */
  proposedGates?: readonly GateVerdict[];
  /** holdout files that were changed rather than added: said first */
  changedHoldout: readonly string[];
  data: DataReport | undefined;
  run: RunRecord | undefined;
  /** how many runs of this recipe there are */
  runs: number;
  /** parameters of the production run and of this one, where they differ */
  parameters: readonly { name: string; production: string; candidate: string }[];
  /** something on the default branch waits for /promote: merging would ship it besides */
  waiting: string | undefined;
  failures: readonly Failure[];
  /** the default branch has no config yet: merging ships nothing by itself */
  informational?: boolean;
};

/** What the report of one pull request is made of. Everything but numbers is untrusted text. */
export type ReportInput = {
  head: string;
  base: string;
  models: readonly ModelReport[];
  /** the digest of what all verdicts stand on: a word that names nothing is about what its writer saw */
  evidence?: string | undefined;
  /** of a clone: nobody answers words there */
  isLocal?: boolean;
  /** nothing could be judged, for the whole pull request */
  problem:
    | { kind: "config"; problems: readonly ConfigProblem[] }
    /** `queued`: stale, and a merge queue judges what comes of it */
    | { kind: "conflict" | "stale" | "elsewhere"; because: string; queued?: boolean }
    | undefined;
  /** the default branch has no config yet: for information only */
  informational: boolean;
};
