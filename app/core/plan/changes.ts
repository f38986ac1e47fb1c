import type { Model, RunsOn } from "#core/config/config.ts";
import { defaults } from "#core/config/defaults.ts";
import { isDocumentation } from "#core/identity/documentation.ts";
import { compileGlobs } from "#core/config/glob.ts";
import type { Tree } from "#core/identity/tree.ts";
import type { ModelName, Version } from "#core/names.ts";
import {
  identifyBaseline,
  identifyExam,
  identifyModel,
  identifyWindows,
  sameGates,
  type Exam,
  type Identity,
  type Window,
  type Snapshot,
} from "./identify.ts";

/**
 * A version that the config names instead of what its inputs make. `holds`: as on the base branch, so nothing that is
 * merged moves; `proposed`: it is what is asked for from then on; `removed`: the inputs decide again.
 */
export type PinChange = { kind: "holds" | "proposed" | "removed"; version: Version };

/**
 * What one pull request (or one move of the default branch) means for one model.
 * `exam` is the evaluation that decides: the base branch's definitions on the merged tree's files. `proposed` is there
 * where the merged tree defines another one.
 */
export type ModelChange =
  | { kind: "not_affected"; name: ModelName }
  | {
      kind: "settings";
      name: ModelName;
      judge: Model;
      merged: Identity;
      exam: Exam;
      proposed: Exam | undefined;
      promoteChanged: boolean;
      /** the name that it had on the base */
      renamed?: ModelName;
      /** what it is that changes, where that is not the evaluation, the gates or the promotion alone */
      because?: string;
    }
  | {
      kind: "candidate";
      name: ModelName;
      judge: Model;
      isNew: boolean;
      /** models of the base that vanish where this one appears: it may be meant to take their place */
      replaces?: readonly ModelName[];
      /** the name that it had on the base */
      renamed?: ModelName;
      pin?: PinChange;
      merged: Identity;
      exam: Exam;
      proposed: Exam | undefined;
      changedHoldout: readonly string[];
      /** shown beside the evaluation that decides; by the same definitions */
      windows?: readonly Window[];
    }
  /** `stages` and `was`: as the base has them */
  | { kind: "retired"; name: ModelName; was: ModelName | undefined; stages: readonly string[] };

/** Compares two snapshots model by model. A base without a config judges nothing: every model is new. */
export function findChanges(base: Snapshot | undefined, merged: Snapshot): readonly ModelChange[] {
  const paths = base === undefined ? undefined : changedPaths(base.tree, merged.tree);
  const changes: ModelChange[] = [];
  const newly = [...merged.config.models.values()].filter(({ name }) => base?.config.models.has(name) !== true);
  const renamed = new Set(newly.map(({ was }) => was));
  const lost = [...(base?.config.models.values() ?? [])].filter(({ name }) => !merged.config.models.has(name));
  const gone = lost.filter(({ name }) => !renamed.has(name));
  for (const [name, model] of merged.config.models) {
    const before = base?.config.models.get(name) ?? lost.find((old) => old.name === model.was);
    if (base === undefined || before === undefined)
      changes.push(
        findNew(
          model,
          merged,
          base,
          gone.map((old) => old.name),
        ),
      );
    else if (paths !== undefined && sameModel(before, model) && !touches(model, paths)) {
      changes.push({ kind: "not_affected", name });
    } else changes.push(findChange(before, model, base, merged));
  }
  return [...changes, ...gone.map(retire)];
}

function retire({ name, was, promote: { stages } }: Model): ModelChange {
  return { kind: "retired", name, was, stages };
}

/**
 * Nobody has said yes to what a new model wants to spend: no secrets, no machine but those that the base names, and no
 * more time than the base gives to one of its models, or than anybody gets who says nothing.
 */
function withinBudget(model: Model, base: Snapshot | undefined): Model {
  const models = [...(base?.config.models.values() ?? [])];
  const known = models.flatMap(({ train, predict }) => [train.runsOn, predict.runsOn]);
  const allowed = (where: RunsOn): RunsOn =>
    known.some((entry) => JSON.stringify(entry) === JSON.stringify(where)) ? where : "ubuntu-latest";
  const trainMs = Math.max(defaults.trainTimeoutMs, ...models.map(({ train }) => train.timeoutMs));
  const predictMs = Math.max(defaults.predictTimeoutMs, ...models.map(({ predict }) => predict.timeoutMs));
  return {
    ...model,
    train: {
      ...model.train,
      secrets: [],
      runsOn: allowed(model.train.runsOn),
      timeoutMs: Math.min(model.train.timeoutMs, trainMs),
    },
    predict: {
      ...model.predict,
      runsOn: allowed(model.predict.runsOn),
      timeoutMs: Math.min(model.predict.timeoutMs, predictMs),
    },
  };
}

function findNew(
  model: Model,
  merged: Snapshot,
  base: Snapshot | undefined,
  replaces: readonly ModelName[],
): ModelChange {
  return {
    kind: "candidate",
    name: model.name,
    judge: withinBudget(model, base),
    isNew: true,
    replaces,
    ...(model.promote.pin === undefined ? {} : { pin: { kind: "proposed", version: model.promote.pin } }),
    merged: identifyModel(model, merged.tree),
    exam: identifyExam(model.evaluate, merged.tree),
    proposed: undefined,
    changedHoldout: [],
    windows: identifyWindows(model.evaluate, merged.tree),
  };
}

function findChange(before: Model, model: Model, base: Snapshot, merged: Snapshot): ModelChange {
  const [old, now] = [identifyModel(before, base.tree), identifyModel(model, merged.tree)];
  const [oldExam, ownExam] = [identifyExam(before.evaluate, base.tree), identifyExam(model.evaluate, merged.tree)];
  const exam = identifyExam(before.evaluate, merged.tree);
  const proposed = ownExam.evaluation === exam.evaluation ? undefined : ownExam;
  const renamed = before.name === model.name ? {} : { renamed: before.name };
  const common = { name: model.name, judge: { ...before, name: model.name }, merged: now, exam, proposed };
  const pin = findPin(before, model);
  if (old.recipe !== now.recipe || (pin !== undefined && pin.kind !== "holds")) {
    const changed = changedHoldout(oldExam, exam);
    const windows = identifyWindows(before.evaluate, merged.tree);
    return {
      kind: "candidate",
      isNew: false,
      ...common,
      ...renamed,
      ...(pin && { pin }),
      changedHoldout: changed,
      windows,
    };
  }
  const promoteChanged = JSON.stringify(before.promote) !== JSON.stringify(model.promote);
  const same =
    oldExam.evaluation === ownExam.evaluation &&
    sameGates(before.gates, model.gates) &&
    identifyBaseline(before, base.tree)?.digest === identifyBaseline(model, merged.tree)?.digest &&
    !promoteChanged &&
    !claimsName(before, model);
  if (before.name !== model.name)
    return { kind: "settings", ...common, ...renamed, promoteChanged, because: sayRenamed(before.name, model.name) };
  return same ? { kind: "not_affected", name: model.name } : { kind: "settings", ...common, promoteChanged };
}

/** Does a model that the base names already say that it had another name? `was` is for one that takes its place. */
export function claimsName(before: Pick<Model, "name" | "was">, after: Pick<Model, "name" | "was">): boolean {
  return before.name === after.name && after.was !== undefined && after.was !== before.was;
}

function sayRenamed(before: ModelName, now: ModelName): string {
  return `"${before}" is called "${now}" from now on, with its definitions, history and stages`;
}

function findPin(before: Model, after: Model): PinChange | undefined {
  const [old, now] = [before.promote.pin, after.promote.pin];
  if (now !== undefined) return { kind: now === old ? "holds" : "proposed", version: now };
  return old === undefined ? undefined : { kind: "removed", version: old };
}

/** Holdout files that were changed rather than added or dropped: said first. */
function changedHoldout(before: Exam, now: Exam): readonly string[] {
  const old = new Map(before.holdout.map((entry) => [entry.path, entry.blob]));
  return now.holdout.filter(({ path, blob }) => old.has(path) && old.get(path) !== blob).map(({ path }) => path);
}

function sameModel(a: Model, b: Model): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Paths whose mode or content differ between two trees. */
export function changedPaths(before: Tree, after: Tree): readonly string[] {
  const changed: string[] = [];
  for (const [path, entry] of after) {
    const old = before.get(path);
    if (old === undefined || old.blob !== entry.blob || old.mode !== entry.mode) changed.push(path);
  }
  for (const path of before.keys()) if (!after.has(path)) changed.push(path);
  return changed;
}

/** Could any of these paths be one that the model reads, or is judged on? Says yes where it cannot tell. */
export function touches(model: Model, paths: readonly string[]): boolean {
  const { inputs, evaluate } = model;
  const isInput = (path: string): boolean => !path.startsWith(".github/") && !isDocumentation(path);
  if (inputs === undefined && paths.some(isInput)) return true;
  const windows = (evaluate.windows ?? []).map(({ files }) => files);
  const sets = [evaluate.holdout, evaluate.lookup, evaluate.ignore, ...windows].filter((set) => set !== undefined);
  const globs = [
    ...(inputs?.data ?? []),
    ...(inputs?.code ?? []),
    ...(inputs?.params ?? []),
    ...sets.flatMap((set) => (set.kind === "last" ? [set.of] : set.globs)),
    ...(evaluate.baseline?.code ?? []),
  ];
  return paths.some(compileGlobs(globs));
}
