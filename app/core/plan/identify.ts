import { digest } from "#core/canonical.ts";
import type { Config, EvaluateConfig, Gate, Model } from "#core/config/config.ts";
import { resolveFileSet } from "#core/config/glob.ts";
import { digestGates } from "#core/identity/gates.ts";
import { computeBaseline } from "#core/identity/baseline.ts";
import { computeEvaluation } from "#core/identity/evaluation.ts";
import { findIrregular, resolveExamFiles, resolveInputs } from "#core/identity/inputs.ts";
import { computeRecipe } from "#core/identity/recipe.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import type { CommitSha, Evaluation, Recipe } from "#core/names.ts";

/** A commit's files and what its config says, as far as it could be read. */
export type Snapshot = { commit: CommitSha | undefined; tree: Tree; config: Config };

/** One evaluation: definitions, and the files of one tree that they name. */
export type Exam = {
  evaluation: Evaluation;
  definitions: EvaluateConfig;
  holdout: readonly TreeEntry[];
  lookup: readonly TreeEntry[];
  ignore: readonly TreeEntry[];
};

/** Labelled rows beside the holdout, under the name that the config gives them. */
export type Window = { name: string; exam: Exam };

/** What a model is in one tree: the recipe that its files make, and what training and predicting see. */
export type Identity = {
  model: Model;
  recipe: Recipe;
  training: readonly TreeEntry[];
  predicting: readonly TreeEntry[];
};

export function identifyModel(model: Model, tree: Tree): Identity {
  const inputs = resolveInputs(model, tree);
  return {
    model,
    recipe: computeRecipe(model, inputs.training),
    training: inputs.training,
    predicting: inputs.predicting,
  };
}

/** The evaluation that these definitions make of a tree's files. Lookup and ignored files never are holdout files. */
export function identifyExam(definitions: EvaluateConfig, tree: Tree): Exam {
  const files = resolveExamFiles(definitions, tree);
  return { evaluation: computeEvaluation(definitions, files), definitions, ...files };
}

/** The evaluation of each window that these definitions name, on files of the tree that are plain; empty ones are left out. */
export function identifyWindows(definitions: EvaluateConfig, tree: Tree): readonly Window[] {
  const { windows = [], ...rest } = definitions;
  return windows
    .map(({ name, files }) => ({ name, exam: identifyExam({ ...rest, holdout: files }, tree) }))
    .filter(({ exam: { holdout, lookup, ignore } }) => {
      return holdout.length > 0 && findIrregular([...holdout, ...lookup, ...ignore]) === undefined;
    });
}

/** The baseline's identity and code; both come from the tree that judges. */
export type BaselineIdentity = { digest: string; run: string; code: readonly TreeEntry[]; setup: string | undefined };

export function identifyBaseline(model: Model, tree: Tree): BaselineIdentity | undefined {
  const baseline = model.evaluate.baseline;
  if (baseline === undefined) return undefined;
  const code = resolveFileSet({ kind: "globs", globs: baseline.code }, tree);
  const { setup } = model;
  return { digest: computeBaseline(baseline.run, setup, code), run: baseline.run, code, setup: setup?.run };
}

/** The digest of what is expected of the data: what was checked by other expectations was not checked. */
export function identifyExpectations(expect: readonly unknown[]): string {
  return digest(JSON.stringify(expect));
}

/** Whether two lists ask the same, in whatever order. */
export function sameGates(a: readonly Gate[], b: readonly Gate[]): boolean {
  return digestGates(a) === digestGates(b);
}
