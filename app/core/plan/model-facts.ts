import { computeSubject, subjectOfRun } from "#core/identity/subject.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import type { Acceptance, Comparison, DataReport, Locator, PredictionsRecord, RunRecord } from "#core/evidence.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Standing } from "#core/registry/registry.ts";
import type { Version } from "#core/names.ts";
import type { BaselineIdentity } from "./identify.ts";

/** The version in production, and what is needed to have it sit another evaluation. */
export type ProductionFacts = {
  standing: Standing;
  bytes: Locator;
  /** path of the model file or folder, as the config of its commit declares it */
  modelPath: string;
  setup: string | undefined;
  /** the image that its commands run in, by the config of its commit */
  container?: string | undefined;
  predict: { run: string; timeoutMs: number; inputs: readonly TreeEntry[] };
  /** files it was trained on, as recorded; undefined where the record is gone */
  inputs: readonly TreeEntry[] | undefined;
  /** what it was trained with, as recorded; undefined where the record is gone */
  parameters: RunRecord["parameters"] | undefined;
};

/** A known run of a recipe whose bytes can still be had. */
export type KnownRun = { run: RunRecord; bytes: Locator };

/** Everything that one model's plan and verdict stand on, besides the change itself. Plain data. */
export type ModelFacts = {
  production: ProductionFacts | undefined;
  /** why production could not be read (a tag made by hand, say): then nothing is judged */
  productionProblem: string | undefined;
  candidate: KnownRun | undefined;
  /** a run of this recipe exists, but under a workflow file that the default branch never carried */
  foreign: boolean;
  /** the newest run of this recipe, where the bytes of none can be had any more */
  expired: RunRecord | undefined;
  /** how many runs of the recipe there are */
  runs: number;
  baseline: BaselineIdentity | undefined;
  /** the last-stage version that this recipe was, if this is a going back */
  goesBackTo: { version: Version; names: string } | undefined;
  /** versions have been registered under this name before */
  hasHistory: boolean;
  /** the version that is already registered for this recipe */
  registered: Version | undefined;
  predictions: readonly PredictionsRecord[];
  comparisons: readonly Comparison[];
  data: DataReport | undefined;
  failures: readonly Failure[];
  /** somebody's word that exactly this evidence will do */
  acceptance: Acceptance | undefined;
};

/** Who answers for the candidate; undefined while it is not trained. */
export function subjectOfCandidate({ candidate }: ModelFacts): string | undefined {
  return candidate === undefined ? undefined : subjectOfRun(candidate.run);
}

/** Who answers for production; undefined where nothing stands there. */
export function subjectOfProduction({ production }: ModelFacts): string | undefined {
  return production === undefined ? undefined : computeSubject(production.standing);
}
