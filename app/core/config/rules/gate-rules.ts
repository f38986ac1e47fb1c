import { defineBuiltin, findBuiltin, listBuiltins, nameMetric } from "#core/config/builtin-metrics.ts";
import type { Task } from "#core/config/config.ts";
import { misnamed } from "#core/config/shape/check-shape.ts";
import { defaults } from "#core/config/defaults.ts";
import type { Draft, WrittenEvaluate, WrittenModel } from "#core/config/schema.ts";
import { suggest } from "#core/config/shape/suggest.ts";
import type { Path } from "#core/config/yaml/read-yaml.ts";
import type { ModelRule, Report } from "./rule.ts";

type WrittenGate = NonNullable<WrittenModel["gates"]>[number];
type DraftGate = Draft<WrittenGate>;

function forEachGate(
  check: (gate: DraftGate, path: Path, model: Draft<WrittenModel>, report: Report) => void,
): ModelRule {
  return (model, report) => {
    for (const [index, gate] of (model.gates ?? []).entries()) {
      if (gate !== undefined) check(gate, ["gates", index], model, report);
    }
  };
}

function kindsOf(gate: DraftGate): readonly string[] {
  return (["at-least", "at-most", "versus"] as const).filter((kind) => kind in gate);
}

const gatesSayOneThing = forEachGate((gate, path, _model, report) => {
  const kinds = kindsOf(gate);
  if (kinds.length === 0) report(path, "it asks for nothing: add at-least, at-most or versus");
  if (kinds.length > 1) report(path, `it has ${kinds.join(" and ")}: write a gate for each`);
  if ("versus" in gate) {
    const ways = (["may-worsen", "better"] as const).filter((key) => key in gate);
    if (ways.length === 0) report(path, "it does not say how much: add may-worsen: 0.005, or better: true");
    if (ways.length === 2) report(path, "it has may-worsen and better: keep one of them");
  } else if (kinds.length > 0) {
    for (const key of ["may-worsen", "better"] as const) {
      if (key in gate)
        report([...path, key], `"${key}" compares: it goes with versus: production or versus: baseline`, "key");
    }
  }
  if ("slices" in gate)
    report(
      [...path, "slices"],
      "gates on slices are not supported yet: remove it, this gate then looks at all rows",
      "key",
    );
});

const comparedBaselinesExist = forEachGate((gate, path, { evaluate }, report) => {
  if (gate.versus === "baseline" && evaluate !== undefined && !("baseline" in evaluate)) {
    report([...path, "versus"], "there is no baseline: add evaluate.baseline: { run: …, code: […] }");
  }
});

const gatesNameKnownMetrics = forEachGate((gate, path, { evaluate }, report) => {
  const [task, metric] = [evaluate?.task, gate.metric];
  if (task === undefined || metric === undefined || evaluate === undefined) return;
  const listed = listNames(task, evaluate);
  if (listed === undefined) return;
  const named = nameMetric(task, listed, metric);
  if (named.kind === "ambiguous")
    report([...path, "metric"], `"${metric}" may be ${named.names.join(" or ")}: write which`);
  if (named.kind === "unknown") {
    const known = [...new Set([...Object.keys(evaluate.metrics ?? {}), ...listBuiltins(task)])];
    const meant = suggest(metric, known);
    const hint = meant === undefined ? `there are ${known.join(", ")}` : `did you mean "${meant}"?`;
    report([...path, "metric"], `"${metric}" is not a metric of this model: ${hint}`);
  }
});

const barsCanBeReached = forEachGate((gate, path, { evaluate }, report) => {
  const [task, metric] = [evaluate?.task, gate.metric];
  const builtin = task === undefined || metric === undefined ? undefined : findBuiltin(task, metric);
  if (builtin === undefined) return;
  const { low, high } = builtin;
  const range = high === Infinity ? `is never below ${low}` : `lies between ${low} and ${high}`;
  for (const key of ["at-least", "at-most"] as const) {
    const bar = gate[key];
    if (bar !== undefined && (bar < low || bar > high))
      report([...path, key], `"${metric}" ${range}: ${bar} cannot be its bar`);
  }
  const worsen = gate["may-worsen"];
  if (worsen !== undefined && worsen >= high - low)
    report([...path, "may-worsen"], `"${metric}" ${range}: a gate that lets it worsen by ${worsen} never fails`);
});

const gatesAreNotRepeated: ModelRule = ({ gates }, report) => {
  const seen = new Set<string>();
  for (const [index, gate] of (gates ?? []).entries()) {
    if (gate?.metric === undefined) continue;
    const kinds = kindsOf(gate);
    const kind = gate.versus ?? kinds[0];
    if (kinds.length !== 1 || kind === undefined) continue;
    const key = JSON.stringify([gate.metric, kind]);
    if (seen.has(key)) report(["gates", index], `there is such a gate on "${gate.metric}" already: keep one`);
    seen.add(key);
  }
};

/** Full names of the listed metrics; undefined where too much of them is broken to tell. */
function listNames(task: Task, evaluate: Draft<WrittenEvaluate>): readonly string[] | undefined {
  const { metrics } = evaluate;
  if (metrics === undefined)
    return "metrics" in evaluate
      ? undefined
      : defaults.metrics[task].map((name) => defineBuiltin(task, name, {})?.name ?? name);
  const names = Object.keys(metrics);
  if (names.some((name) => name.startsWith(misnamed))) return undefined;
  return names.map((name) => defineBuiltin(task, name, metrics[name] ?? {})?.name ?? name);
}

/** What a model's gates must mean. */
export const gateRules: readonly ModelRule[] = [
  gatesSayOneThing,
  gatesNameKnownMetrics,
  comparedBaselinesExist,
  barsCanBeReached,
  gatesAreNotRepeated,
];
