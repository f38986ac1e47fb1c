import { chmodSync, copyFileSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { ArtifactRecord } from "#core/evidence.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import type { Sha256 } from "#core/names.ts";
import type { Task } from "#core/plan/plan-record.ts";
import { containerOf } from "./container/container.ts";
import { fetchByTeam, materialiseFor } from "./fetch-by-team.ts";
import { hashFile, isInside, kindOf } from "./model-files.ts";
import { setUp } from "./set-up.ts";
import { entriesOf, taskLimits, type TaskRequest } from "./task-request.ts";
import { StepFailure, Workplace } from "./workplace.ts";

/** One evaluation, answered: a file of predictions in `out`. */
export type Answer = { evaluation: string; file: string; format: "csv" | "parquet"; sha256: Sha256; size: number };

type Model = { artifact: ArtifactRecord; folder: string };

/**
 * Sits one evaluation in a fresh folder: code and params inputs, the lookup files (which win), the model at its own path;
 * MODEL, ROWS and PREDICTIONS are in the environment, no training data and no secret. Throws a `StepFailure` or a
 * `MaterialiseError`.
 */
export async function sit(
  request: TaskRequest,
  sitting: Task["sittings"][number],
  index: number,
  model: Model | undefined,
): Promise<Answer> {
  const { task } = request;
  const rows = request.rows.get(sitting.evaluation);
  if (rows === undefined)
    throw new StepFailure(
      "predict",
      `No rows were prepared for the evaluation "${sitting.evaluation.slice(0, 12)}": the "prepare" job says why`,
    );
  const place = new Workplace(join(request.folder, `predict-${index + 1}`), {
    ...request,
    container: containerOf(task),
  });
  try {
    const pointers = await materialiseFor(request, inputsOf(task, sitting.lookup), place.folder);
    await setUp(place, request, task.predict.timeoutMs);
    await fetchByTeam(place, request, pointers, task.predict.timeoutMs);
    const format = extname(rows) === ".parquet" ? "parquet" : "csv";
    const given = join(place.beside("given"), `rows${extname(rows)}`);
    copyFileSync(rows, given);
    chmodSync(given, 0o444);
    const predictions = join(place.beside("answers"), `predictions.${format}`);
    const env = {
      ...(model === undefined ? {} : { MODEL: placeModel(place.folder, task.modelPath, model) }),
      ROWS: given,
      PREDICTIONS: predictions,
    };
    await place.run("predict", task.predict.run, task.predict.timeoutMs, env);
    return keep(request, sitting.evaluation, predictions, format);
  } finally {
    place.remove();
  }
}

function inputsOf(task: Task, lookup: Task["sittings"][number]["lookup"]): readonly TreeEntry[] {
  const byPath = new Map([...task.predict.inputs, ...lookup].map((entry) => [entry.path, entry]));
  return entriesOf([...byPath.values()]);
}

/** Puts a copy of the model where the config declares it, in place of what may be there; returns its path. */
function placeModel(folder: string, path: string, model: Model): string {
  const [only] = model.artifact.files;
  const isFile = model.artifact.files.length === 1 && only?.sha256 === model.artifact.sha256;
  const at = join(folder, path);
  mkdirSync(dirname(at), { recursive: true });
  if (dirname(at) !== folder && !isInside(folder, dirname(at))) {
    throw new StepFailure(
      "predict",
      `Cannot put the model at "${path}": a link among the inputs leads out of the folder`,
    );
  }
  rmSync(at, { recursive: true, force: true });
  for (const file of model.artifact.files) {
    const to = isFile ? at : join(at, file.path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(model.folder, file.path), to);
  }
  return at;
}

function keep(request: TaskRequest, evaluation: string, predictions: string, format: Answer["format"]): Answer {
  const most = (request.limits ?? taskLimits).predictionsBytes;
  const name = basename(predictions);
  const kind = kindOf(predictions);
  if (kind === "none")
    throw new StepFailure(
      "predict",
      'The "predict" command ended well but wrote no predictions: write them to the file that the variable PREDICTIONS names',
    );
  if (kind !== "file")
    throw new StepFailure(
      "predict",
      `The "predict" command made "${name}" a ${kind === "folder" ? "folder" : "link or a device"}: write one regular file`,
    );
  const { size } = lstatSync(predictions);
  if (size === 0)
    throw new StepFailure(
      "predict",
      'The "predict" command ended well but its predictions are empty: write one line for each row of the file that the variable ROWS names',
    );
  if (size > most)
    throw new StepFailure(
      "predict",
      `The "predict" command wrote ${size} bytes of predictions, at most ${most} are taken: write the id and the score columns only`,
    );
  const file = join(request.out, "predictions", `${evaluation}.${format}`);
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(predictions, file);
  return { evaluation, file, format, ...hashFile(file) };
}
