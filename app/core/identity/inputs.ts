import { compileGlobs, selectFiles } from "#core/config/glob.ts";
import type { EvaluateConfig, Model } from "#core/config/config.ts";
import { listTree } from "./byte-order.ts";
import { isDocumentation } from "./documentation.ts";
import type { Tree, TreeEntry } from "./tree.ts";

/** The files of an evaluation. Lookup and ignored files never are holdout files. Each list in byte order of path. */
export type ExamFiles = {
  holdout: readonly TreeEntry[];
  lookup: readonly TreeEntry[];
  ignore: readonly TreeEntry[];
};

/** What a model reads of one tree, each list in byte order of path. */
export type Inputs = ExamFiles & {
  /** everything that a training sees; never a file of the holdout */
  training: readonly TreeEntry[];
  /** of these, what predicting sees: code and params. Without declared inputs they cannot be told from the data: all */
  predicting: readonly TreeEntry[];
};

/** The files that these definitions name in a tree; the holdout is taken out before `last` counts the others. */
export function resolveExamFiles(definitions: EvaluateConfig, tree: Tree): ExamFiles {
  return resolveExamFilesOf(definitions, listTree(tree));
}

function resolveExamFilesOf(definitions: EvaluateConfig, files: readonly TreeEntry[]): ExamFiles {
  const holdout = selectFiles(definitions.holdout, files);
  const { lookup, ignore } = definitions;
  if (lookup === undefined && ignore === undefined) return { holdout, lookup: [], ignore: [] };
  const held = new Set(holdout.map(({ path }) => path));
  const rest = files.filter(({ path }) => !held.has(path));
  return {
    holdout,
    lookup: lookup === undefined ? [] : selectFiles(lookup, rest),
    ignore: ignore === undefined ? [] : selectFiles(ignore, rest),
  };
}

/** What the model reads of a tree, the holdout being the one that this same model's definitions name there. */
export function resolveInputs(model: Model, tree: Tree): Inputs {
  const files = listTree(tree);
  const exam = resolveExamFilesOf(model.evaluate, files);
  const held = new Set(exam.holdout.map(({ path }) => path));
  const { inputs } = model;
  if (inputs === undefined) {
    const training = files.filter(
      ({ path }) => !held.has(path) && !path.startsWith(".github/") && !isDocumentation(path),
    );
    return { ...exam, training, predicting: training };
  }
  const isData = compileGlobs(inputs.data);
  const isCode = compileGlobs([...inputs.code, ...inputs.params]);
  const training: TreeEntry[] = [];
  const predicting: TreeEntry[] = [];
  for (const entry of files) {
    const code = isCode(entry.path);
    if ((!code && !isData(entry.path)) || held.has(entry.path)) continue;
    training.push(entry);
    if (code) predicting.push(entry);
  }
  return { ...exam, training, predicting };
}

/** The first file that is no plain file (a link, a submodule), or undefined: data that judges must be plain. */
export function findIrregular(files: readonly TreeEntry[]): TreeEntry | undefined {
  return files.find(({ mode }) => mode !== "100644" && mode !== "100755");
}
