import * as z from "zod";
import { readYaml } from "#core/config/yaml/read-yaml.ts";
import type { CloneView, Found, ModelHints } from "#core/init/clone-view.ts";

const path = "MLproject";
const parameterSchema = z.union([
  z.string(),
  z.object({ default: z.union([z.string(), z.number(), z.boolean()]).optional() }),
]);
const entryPoint = z.object({ command: z.string(), parameters: z.record(z.string(), parameterSchema).default({}) });
const schema = z.object({ entry_points: z.record(z.string(), z.unknown()) });

/** What an MLproject says: its entry points, with the defaults of their parameters filled in. */
export function readMlproject(view: CloneView): ModelHints | undefined {
  const text = view.texts.get(path);
  if (text === undefined) return undefined;
  const read = readYaml(text);
  const parsed = schema.safeParse(read.value);
  if (!parsed.success) {
    const [problem] = read.problems;
    const because = problem?.message ?? "it has no map of entry_points";
    return { warnings: [{ message: `was not read: ${because}`, at: { path, line: problem?.line ?? 1 } }] };
  }
  const points = parsed.data.entry_points;
  const at = (name: string) => ({ path, line: read.locate(["entry_points", name], "key").line });
  const fill = (names: readonly string[]): { found?: Found<string>; doubt?: string } => {
    const name = names.find((one) => Object.hasOwn(points, one));
    if (name === undefined) return {};
    const filled = fillIn(entryPoint.safeParse(points[name]).data);
    if (filled === undefined) return { doubt: `the entry point "${name}" of ${path} has no command` };
    if (filled.missing.length > 0)
      return { doubt: `the entry point "${name}" of ${path} has no default for ${filled.missing.join(", ")}` };
    return { found: { value: filled.command, because: `the entry point "${name}" with its defaults`, at: at(name) } };
  };
  const [train, predict] = [fill(["train", "main"]), fill(["predict", "inference"])];
  return {
    train: train.found,
    predict: predict.found,
    doubts: {
      ...(train.doubt === undefined ? {} : { train: train.doubt }),
      ...(predict.doubt === undefined ? {} : { predict: predict.doubt }),
    },
  };
}

function fillIn(point: z.infer<typeof entryPoint> | undefined): { command: string; missing: string[] } | undefined {
  if (point === undefined) return undefined;
  const missing: string[] = [];
  const command = point.command
    .replaceAll("\n", " ")
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const declared = point.parameters[name];
      const value = typeof declared === "object" ? declared.default : undefined;
      if (value === undefined) missing.push(`"${name}"`);
      return quote(String(value));
    })
    .trim();
  return { command, missing };
}

/** As a shell takes it for one word. */
const quote = (word: string): string => (/^[\w./:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
