import * as z from "zod";
import {
  findLine,
  nameOf,
  type CloneView,
  type Found,
  type FoundCommand,
  type ModelHints,
} from "#core/init/clone-view.ts";
import { normalize } from "./dvc-stages.ts";

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** The scripts `train` and `predict` of a package.json. */
export function readPackage(view: CloneView): ModelHints | undefined {
  const path = "package.json";
  const text = view.texts.get(path);
  if (text === undefined) return undefined;
  const scripts = packageSchema.safeParse(parseJson(text)).data?.scripts;
  if (scripts === undefined)
    return { warnings: [{ message: "was not read: it is no JSON with a map of scripts", at: { path, line: 1 } }] };
  const find = (name: string): FoundCommand | undefined => {
    if (!Object.hasOwn(scripts, name)) return undefined;
    const at = findLine(view, path, new RegExp(`"${name}"\\s*:`));
    return { value: `npm run ${name}`, because: `the script "${name}"`, at, runs: scripts[name] };
  };
  return { train: find("train"), predict: find("predict") };
}

/** The targets `train` and `predict` of a Makefile. */
export function readMakefile(view: CloneView): ModelHints | undefined {
  const lines = (view.texts.get("Makefile") ?? "").split("\n");
  const find = (name: string): FoundCommand | undefined => {
    const at = findLine(view, "Makefile", new RegExp(`^${name}\\s*:(?!=)`));
    if (at === undefined) return undefined;
    const end = lines.findIndex((line, index) => index >= at.line && !line.startsWith("\t"));
    const runs = lines.slice(at.line, end === -1 ? undefined : end).join(" ");
    return { value: `make ${name}`, because: `the target "${name}"`, at, runs };
  };
  return view.texts.has("Makefile") ? { train: find("train"), predict: find("predict") } : undefined;
}

/** Files that are called what they do: `train.py`, `src/predict.R`. */
export function readNames(view: CloneView): ModelHints {
  const train = findScript(view, [/^train$/, /^(?:train[-_]\w+|\w+[-_]train|fit)$/]);
  const predict = findScript(view, [/^predict$/, /^(?:predict[-_]\w+|\w+[-_]predict|infer|inference)$/]);
  return {
    train: train.found,
    predict: predict.found,
    doubts: {
      ...(train.doubt === undefined ? {} : { train: train.doubt }),
      ...(predict.doubt === undefined ? {} : { predict: predict.doubt }),
    },
  };
}

const interpreters: Readonly<Record<string, string>> = {
  py: "python",
  js: "node",
  mjs: "node",
  r: "Rscript",
  sh: "sh",
};
const aside = /(?:^|\/)(?:tests?|docs?|examples?|node_modules|notebooks?|\.[^/]+)\//;

function findScript(view: CloneView, shapes: readonly RegExp[]): { found?: Found<string>; doubt?: string } {
  const scripts = view.paths
    .filter((path) => !aside.test(path))
    .map((path) => ({ path, parts: /^(.+)\.(py|m?js|[Rr]|sh)$/.exec(nameOf(path)), depth: path.split("/").length }));
  for (const [index, shape] of shapes.entries()) {
    const named = scripts.filter(({ parts }) => parts?.[1] !== undefined && shape.test(parts[1].toLowerCase()));
    const depth = Math.min(...named.map((one) => one.depth));
    const [first, ...more] = named.filter((one) => one.depth === depth);
    if (first === undefined) continue;
    if (more.length > 0)
      return {
        doubt: `several files are called so: ${[first, ...more]
          .slice(0, 5)
          .map(({ path }) => path)
          .join(", ")}`,
      };
    // a module of steps is called `train_model.py` too: what is called only nearly so has to be made to be run
    if (index > 0 && first.path.endsWith(".py") && !(view.texts.get(first.path) ?? "").includes("__main__"))
      return { doubt: `${first.path} could be it, and does nothing when it is run` };
    const interpreter = interpreters[first.parts?.[2]?.toLowerCase() ?? ""] ?? "sh";
    const value = `${interpreter} ${/^[\w./+-]+$/.test(first.path) ? first.path : `'${first.path.replaceAll("'", "'\\''")}'`}`;
    return { found: { value, because: "the file's name", at: { path: first.path, line: 1 } } };
  }
  return {};
}

/** The file among these that a command runs, if it names one: `python src/train.py --lr 1`, `python -m src.train`. */
export function findRunFile(paths: readonly string[], command: string): string | undefined {
  return findRunFiles(new Set(paths), command).at(-1);
}

/** All of them, where the command stands in this folder, in their order. */
export function findRunFiles(known: ReadonlySet<string>, command: string, folder = ""): readonly string[] {
  const words = command.split(/[\s;&|()'"]+/).filter((word) => word !== "");
  const modules = words.flatMap((word, index) => {
    const module = word.replaceAll(".", "/");
    return words[index - 1] === "-m" ? [`${module}.py`, `${module}/__main__.py`] : [];
  });
  const named = [...words, ...modules].filter((word) => /\.(?:py|m?js|ts|[Rr]|sh)$/.test(word));
  return named.map((word) => normalize(folder, word)).filter((word) => known.has(word));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
