import { findPathMistake } from "#core/config/declared-path.ts";
import type { CloneView, Found } from "./clone-view.ts";

const ending = /\.(?:onnx|pkl|pickle|joblib|pt|pth|h5|hdf5|keras|safetensors|ubj|cbm|bin|pmml|rds|skops|txt)$/i;
const surely = /\.(?:onnx|pkl|pickle|joblib|pth?|h5|hdf5|keras|safetensors|ubj|cbm|pmml|rds|skops)$/i;
const writes =
  /\.save|\bsave\w*\(|\bdump\(|SerializeToString|\.to_onnx|onnx|["'][wa]b["']|saveRDS|write(?:File)?\w*\(/i;

/** Is this the name of a file that holds a model, and hardly anything else? */
export function isModelFile(path: string): boolean {
  return surely.test(path);
}

/**
 * What a training script writes, by searching its text: paths in quotes with the ending of a model, on lines that write
 * or anywhere else. One of them is the model; of several the one in ONNX, which can be served.
 */
export function guessModelFile(view: CloneView, script: string): { found?: Found<string>; doubt?: string } {
  const lines = (view.texts.get(script) ?? "")
    .split("\n")
    .map((text, index) => ({ text: text.slice(0, 500), line: index + 1 }));
  const quoted = lines.flatMap(({ text, line }) =>
    [...text.matchAll(/["']([^"'\s{}$%]{1,200})["']/g)].flatMap(([, path = ""]) =>
      ending.test(path) && findPathMistake(path) === undefined && (isModelFile(path) || writes.test(text))
        ? [{ path: path.replace(/^\.\//, ""), line, written: writes.test(text) }]
        : [],
    ),
  );
  const written = quoted.filter((one) => one.written);
  const candidates = written.length > 0 ? written : quoted;
  const names = [...new Set(candidates.map(({ path }) => path))];
  const onnx = names.filter((path) => path.endsWith(".onnx"));
  const name = names.length === 1 ? names[0] : onnx.length === 1 ? onnx[0] : undefined;
  const seen = candidates.find(({ path }) => path === name);
  if (name !== undefined && seen !== undefined) {
    const because =
      names.length === 1 ? "the file that training names" : "of the files that training names the one in ONNX";
    return { found: { value: name, because, at: { path: script, line: seen.line } } };
  }
  return names.length === 0 ? {} : { doubt: `${script} names several: ${names.slice(0, 5).join(", ")}` };
}
