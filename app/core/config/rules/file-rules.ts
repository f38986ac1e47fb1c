import { findPathMistake } from "#core/config/declared-path.ts";
import { findGlobMistake } from "#core/config/glob.ts";
import type { Draft, WrittenFileSet } from "#core/config/schema.ts";
import { showValue } from "#core/config/shape/show-value.ts";
import type { Path } from "#core/config/yaml/read-yaml.ts";
import type { ModelRule } from "./rule.ts";

const patternsCanBeRead: ModelRule = ({ inputs, train, evaluate, monitor }, report) => {
  const check = (path: Path, text: string | undefined): void => {
    const mistake = text === undefined ? undefined : findGlobMistake(text);
    if (mistake !== undefined) report(path, `${showValue(text)} is no pattern of paths: ${mistake}`);
  };
  const checkFile = (path: Path, text: string | undefined): void => {
    const mistake =
      text === undefined
        ? undefined
        : (findPathMistake(text) ?? (/[*?]/.test(text) ? "it is one file, and no pattern" : undefined));
    if (mistake !== undefined) report(path, `${showValue(text)} is no path of a manifest: ${mistake}`);
  };
  const checkSet = (path: Path, set: Draft<WrittenFileSet> | undefined): void => {
    if (typeof set === "string") check(path, set);
    else if (isList(set)) for (const [index, text] of set.entries()) check([...path, index], text);
    else if (set !== undefined) check([...path, "of"], set.of);
  };
  const data = inputs?.data;
  const several = typeof data !== "string" && data !== undefined;
  for (const [index, one] of (several ? data : [data]).entries()) {
    const path = several ? ["inputs", "data", index] : ["inputs", "data"];
    if (typeof one === "string" || one === undefined) check(path, one);
    else checkFile([...path, "manifest"], one.manifest);
  }
  checkSet(["inputs", "code"], inputs?.code);
  checkSet(["inputs", "params"], inputs?.params);
  checkSet(["train", "plots"], train?.plots);
  checkSet(["evaluate", "holdout"], evaluate?.holdout);
  for (const [name, files] of Object.entries(evaluate?.windows ?? {})) checkSet(["evaluate", "windows", name], files);
  checkSet(["evaluate", "lookup"], evaluate?.lookup);
  checkSet(["evaluate", "ignore"], evaluate?.ignore);
  checkSet(["evaluate", "baseline", "code"], evaluate?.baseline?.code);
  checkSet(["monitor", "reference"], monitor?.reference);
  check(["monitor", "current", "output"], monitor?.current?.output);
  check(["monitor", "predictions"], monitor?.predictions);
  check(["monitor", "labels"], monitor?.labels);
};

function isList(value: Draft<WrittenFileSet> | undefined): value is readonly (string | undefined)[] {
  return Array.isArray(value);
}

const pathsStayInside: ModelRule = ({ train }, report) => {
  const check = (path: Path, text: string | undefined): void => {
    const mistake = text === undefined ? undefined : findPathMistake(text);
    if (mistake !== undefined) report(path, `${showValue(text)} cannot be written to: ${mistake}`);
  };
  check(["train", "model"], train?.model);
  check(["train", "checkpoint", "path"], train?.checkpoint?.path);
};

const checkpointsAreNoModel: ModelRule = ({ train }, report) => {
  const [model, path] = [train?.model, train?.checkpoint?.path];
  if (model === undefined || path === undefined) return;
  const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}/`);
  if (within(path, model) || within(model, path))
    report(
      ["train", "checkpoint", "path"],
      `"${path}" and the model "${model}" share files: give each a place of its own`,
    );
};

const inputsNameSomething: ModelRule = ({ inputs }, report) => {
  if (inputs !== undefined && !Object.keys(inputs).some((name) => name !== "key")) {
    report(["inputs"], "it names no files: add data, code or params, or leave inputs out to have every file");
  } else if (inputs !== undefined && "key" in inputs && !("data" in inputs)) {
    report(["inputs", "key"], "it names the rows of no data: add data, such as [data/*.csv], or leave key out");
  }
};

/** What the patterns and paths of a model must mean. */
export const fileRules: readonly ModelRule[] = [
  inputsNameSomething,
  patternsCanBeRead,
  pathsStayInside,
  checkpointsAreNoModel,
];
