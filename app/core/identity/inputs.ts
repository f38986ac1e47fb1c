import { markMatches, selectFiles } from "#core/config/glob.ts";
import type { EvaluateConfig, FileSet, Model } from "#core/config/config.ts";
import { findEntry, keepEntries, listTree } from "./byte-order.ts";
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
  /** everything that a training sees; never a file of the holdout or of a window */
  training: readonly TreeEntry[];
  /** of these, what predicting sees: code and params. Without declared inputs they cannot be told from the data: all */
  predicting: readonly TreeEntry[];
};

/** The files that these definitions name in a tree; the holdout is taken out before `last` counts the others. */
export function resolveExamFiles(definitions: EvaluateConfig, tree: Tree): ExamFiles {
  return resolveExam(definitions, listTree(tree)).exam;
}

function resolveExam(definitions: EvaluateConfig, files: readonly TreeEntry[]): { exam: ExamFiles; held: Uint8Array } {
  const holdout = selectFiles(definitions.holdout, files);
  const held = new Uint8Array(files.length);
  for (const { path } of holdout) held[findEntry(files, path)] = 1;
  for (const window of definitions.windows ?? [])
    for (const { path } of selectFiles(window.files, files)) held[findEntry(files, path)] = 1;
  const { lookup, ignore } = definitions;
  const select = (set: FileSet | undefined): readonly TreeEntry[] =>
    set === undefined ? [] : selectFiles(set, files, held);
  return { exam: { holdout, lookup: select(lookup), ignore: select(ignore) }, held };
}

/** What the model reads of a tree, the holdout being the one that this same model's definitions name there. */
export function resolveInputs(model: Model, tree: Tree): Inputs {
  const files = listTree(tree);
  const { exam, held } = resolveExam(model.evaluate, files);
  const { inputs } = model;
  if (inputs === undefined) {
    const relevant = markModelFiles(files);
    const training = keepEntries(files, (index) => held[index] !== 1 && relevant[index] === 1);
    return { ...exam, training, predicting: training };
  }
  const data = markMatches(inputs.data, files);
  const code = markMatches([...inputs.code, ...inputs.params], files);
  return {
    ...exam,
    training: keepEntries(files, (index) => held[index] !== 1 && (data[index] === 1 || code[index] === 1)),
    predicting: keepEntries(files, (index) => held[index] !== 1 && code[index] === 1),
  };
}

const modelFiles = new WeakMap<readonly TreeEntry[], Uint8Array>();

/** 1 for each file that can change a model without declared inputs. Remembered: many models ask about one tree. */
function markModelFiles(files: readonly TreeEntry[]): Uint8Array {
  const known = modelFiles.get(files);
  if (known !== undefined) return known;
  const marks = Uint8Array.from(files, ({ path }) => (path.startsWith(".github/") || isDocumentation(path) ? 0 : 1));
  modelFiles.set(files, marks);
  return marks;
}

/** The first file that is no plain file (a link, a submodule), or undefined: data that judges must be plain. */
export function findIrregular(files: readonly TreeEntry[]): TreeEntry | undefined {
  return files.find(({ mode }) => mode !== "100644" && mode !== "100755");
}
