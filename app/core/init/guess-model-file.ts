import { findPathMistake } from "#core/config/declared-path.ts";
import type { CloneView, Found } from "./clone-view.ts";

const ending = /\.(?:onnx|pkl|pickle|joblib|pt|pth|h5|hdf5|keras|safetensors|ubj|cbm|bin|pmml|rds|skops|txt)$/i;
const surely = /\.(?:onnx|pkl|pickle|joblib|pth?|h5|hdf5|keras|safetensors|ubj|cbm|pmml|rds|skops)$/i;
const writes =
  /\.save|\bsave\w*\(|\bdump\(|SerializeToString|\.to_onnx|onnx|["'][wa]b["']|saveRDS|write(?:File)?\w*\(/i;

/** Endings of what a training leaves beside its model: tables, reports, pictures. */
const besides = /\.(?:csv|parquet|feather|json|ya?ml|png|svg|html?|md|txt|log)(?:\.gz)?$/i;

/** Of the files that a stage writes the one that is its model, if that is plain. */
export function pickModel(outs: readonly string[]): string | undefined {
  const others = outs.filter((path) => !besides.test(path));
  if (outs.length === 1) return outs[0];
  return others.length === 1 && others[0] !== undefined && isModelFile(others[0]) ? others[0] : undefined;
}

/** Is this the name of a file that holds a model, and hardly anything else? */
export function isModelFile(path: string): boolean {
  return surely.test(path);
}

/**
 * What a training script writes, by searching its text: paths in quotes with the ending of a model, on lines that write
 * or anywhere else. One of them is the model; of several the one in ONNX, which can be served. A name that the script
 * puts behind a folder is no path, and stays a doubt.
 */
export function guessModelFile(view: CloneView, script: string): { found?: Found<string>; doubt?: string } {
  const lines = (view.texts.get(script) ?? "").split("\n");
  const quoted = lines.flatMap((line, index) => findNames(line.slice(0, 500), index + 1));
  const written = quoted.filter((one) => one.written);
  const candidates = written.length > 0 ? written : quoted;
  const names = [...new Set(candidates.map(({ path }) => path))];
  const onnx = names.filter((path) => path.endsWith(".onnx"));
  const name = names.length === 1 ? names[0] : onnx.length === 1 ? onnx[0] : undefined;
  const seen = candidates.filter(({ path }) => path === name);
  const [first] = seen;
  if (name === undefined || first === undefined)
    return names.length === 0 ? {} : { doubt: `${script} names several: ${names.slice(0, 5).join(", ")}` };
  const joined = seen.find((one) => one.joined);
  if (joined !== undefined) return { doubt: `${script}:${joined.line} writes "${name}" into a folder` };
  const because =
    names.length === 1 ? "the file that training names" : "of the files that training names the one in ONNX";
  return { found: { value: name, because, at: { path: script, line: first.line } } };
}

type Name = { path: string; line: number; written: boolean; joined: boolean };

function findNames(text: string, line: number): readonly Name[] {
  return [...text.matchAll(/["']([^"'\s{}$%]{1,200})["']/g)].flatMap((match) => {
    const path = (match[1] ?? "").replace(/^\.\//, "");
    const named = ending.test(path) && findPathMistake(path) === undefined && (isModelFile(path) || writes.test(text));
    // os.path.join(folder, "model.pkl"), folder / "model.pkl", folder + "model.pkl"
    const joined = /(?:join\w*\s*\([^()]{1,200},|\/|\+)\s*$/.test(text.slice(0, match.index));
    return named ? [{ path, line, written: writes.test(text), joined }] : [];
  });
}
