import { digest } from "#core/canonical.ts";
import type { Model } from "#core/config/config.ts";
import { resolveFileSet } from "#core/config/glob.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import type { CommitSha } from "#core/names.ts";
import type { Exam } from "#core/plan/identify.ts";
import { namePointers } from "#core/pointer/name-pointers.ts";
import { leaveOutReferences, referredBy } from "#core/expect/leave-out-references.ts";
import { planModel } from "#core/plan/plan-model.ts";
import type { DataSpec, EvaluationSpec, PlanRecord, Task } from "#core/plan/plan-record.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import type { ObservedModel } from "#flow/observe/observe-merged.ts";

/** Puts together what the jobs of one run have to do for these models. Nothing to do: no tasks, no comparisons. */
export function planRun(question: {
  pull: number | undefined;
  head: CommitSha;
  base: CommitSha;
  objects: readonly CommitSha[];
  baseTree: Tree | undefined;
  mergedTree: Tree;
  models: readonly ObservedModel[];
  /** may this run train what nobody has trained yet? */
  train: (judge: Model) => boolean;
}): PlanRecord {
  const tasks: Task[] = [];
  const evaluations = new Map<string, EvaluationSpec>();
  const comparisons: PlanRecord["comparisons"] = [];
  const data: DataSpec[] = [];
  const objects = new Set<CommitSha>(question.objects);
  for (const { change, facts } of question.models) {
    if (!("judge" in change)) continue;
    const work = planModel(change, facts, { train: question.train(change.judge) });
    if (work.comparisons.length === 0) continue;
    tasks.push(...work.tasks);
    comparisons.push(...work.comparisons);
    for (const exam of work.exams) evaluations.set(`${exam.evaluation}${change.name}`, describeExam(change.name, exam));
    if (facts.production !== undefined) objects.add(facts.production.standing.commit);
    if (work.tasks.some(({ train }) => train !== null))
      data.push(describeData(change, question.baseTree, question.mergedTree));
  }
  if (tasks.length > 0 || comparisons.length > 0) objects.add(question.base);
  const plan: Omit<PlanRecord, "nonce"> = {
    schema: "trainyard/plan/1",
    pull: question.pull ?? null,
    head: question.head,
    base: question.base,
    objects: [...objects],
    tasks,
    evaluations: [...evaluations.values()],
    comparisons,
    data,
  };
  return { ...plan, nonce: digest(JSON.stringify(plan)) };
}

function describeExam(model: string, exam: Exam): EvaluationSpec {
  const { windows: _, ...definitions } = exam.definitions;
  return {
    evaluation: exam.evaluation,
    model,
    definitions,
    holdout: [...exam.holdout],
    lookup: [...exam.lookup],
    ignore: [...exam.ignore],
  };
}

/** Expectations are the base branch's, the data is what the merged tree's config says that it is. */
function describeData(
  { judge, merged }: Extract<ModelChange, { judge: Model }>,
  before: Tree | undefined,
  after: Tree,
): DataSpec {
  const { evaluate, inputs } = merged.model;
  const isBinary = evaluate.task === "binary";
  const references = findReferences(judge, after);
  return {
    model: judge.name,
    expect: judge.expect.map((expectation) => ({ ...expectation })),
    data: leaveOutReferences(judge, dataFiles(merged.model, after)),
    before: before === undefined ? [] : leaveOutReferences(judge, withoutHoldout(judge, before)),
    holdout: [...resolveFileSet(evaluate.holdout, after)],
    ...(inputs?.key === undefined ? {} : { key: [...inputs.key] }),
    ...(isBinary ? { label: evaluate.label } : {}),
    ...(isBinary && evaluate.id !== undefined ? { id: evaluate.id } : {}),
    ...(references.length === 0 ? {} : { references }),
    ...sayValues(judge.values, merged.model.values),
  };
}

/** The files that expectations refer to, as git holds them: themselves, or the pointers that stand for them. */
function findReferences(judge: Model, tree: Tree): TreeEntry[] {
  const found = referredBy(judge).flatMap((file) => {
    const held = [file, ...namePointers(file)].find((path) => tree.has(path));
    return held === undefined ? [] : (tree.get(held) ?? []);
  });
  return [...new Set(found)];
}

/** A pull request may hide what the base branch shows, not the other way round. */
function sayValues(base: Model["values"], merged: Model["values"]): Pick<DataSpec, "values"> {
  if (base === "hidden" || merged === "hidden") return { values: "hidden" };
  return base === undefined ? {} : { values: base };
}

/** What a training sees of the data. */
function withoutHoldout(model: Model, tree: Tree): TreeEntry[] {
  const held = new Set(resolveFileSet(model.evaluate.holdout, tree).map(({ path }) => path));
  return dataFiles(model, tree).filter(({ path }) => !held.has(path));
}

function dataFiles(model: Model, tree: Tree): TreeEntry[] {
  const globs = model.inputs?.data ?? [];
  return globs.length === 0 ? [] : [...resolveFileSet({ kind: "globs", globs }, tree)];
}
