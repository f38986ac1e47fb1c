import { parseModelName, parseVersion, type ModelName } from "#core/names.ts";
import { completeExpectation } from "#core/expect/complete-expectation.ts";
import { readStoreAddress, type StoreAddress } from "#core/store-address.ts";
import { defineBuiltin, nameMetric } from "./builtin-metrics.ts";
import type {
  Config,
  DriftConfig,
  EvaluateConfig,
  FileSet,
  Gate,
  MetricDefinition,
  Model,
  MonitorConfig,
  PromoteConfig,
  RunsOn,
  Task,
} from "./config.ts";
import { defaults } from "./defaults.ts";
import { parseDurationMs } from "./duration.ts";
import type { WrittenConfig, WrittenEvaluate, WrittenFileSet, WrittenMetric, WrittenModel } from "./schema.ts";

/** Fills in every default. Only for a config in which neither shape nor rules found a mistake. */
export function completeConfig(written: WrittenConfig): Config {
  const models = new Map<ModelName, Model>();
  for (const [name, model] of Object.entries(written.models)) {
    const parsed = parseModelName(name);
    const completed = completeModel(parsed, model);
    const values = written.data?.values;
    models.set(parsed, values === undefined ? completed : { ...completed, values });
  }
  const config: Config = { version: 1, writer: written.writer ?? defaults.writer, models };
  const store = written.data === undefined ? undefined : completeStore(written.data);
  return store === undefined ? config : { ...config, store };
}

/** Where the store is that `data:` of a config names; undefined where that cannot be read. */
export function completeStore(written: NonNullable<WrittenConfig["data"]>): StoreAddress | undefined {
  const { store: url, endpoint, region, "path-style": pathStyle } = written;
  if (url === undefined) return undefined;
  const read = readStoreAddress({ url, endpoint, region, pathStyle });
  return "address" in read ? read.address : undefined;
}

function completeModel(name: ModelName, written: WrittenModel): Model {
  const { inputs, setup, train, predict } = written;
  const { task } = written.evaluate;
  const gates = written.gates ?? [];
  const metrics = completeMetrics(
    task,
    written.evaluate.metrics,
    gates.map(({ metric }) => metric),
  );
  return {
    name,
    was: written.was === undefined ? undefined : parseModelName(written.was),
    inputs: inputs === undefined ? undefined : completeInputs(inputs),
    ...completeMounts(inputs?.data),
    ...(written.fetch === undefined ? {} : { fetch: { run: written.fetch.run } }),
    setup: setup === undefined ? undefined : completeSetup(setup),
    train: {
      run: train.run,
      model: train.model,
      when: train.when ?? defaults.when,
      runsOn: completeRunsOn(train["runs-on"]),
      timeoutMs: readTimeout(train.timeout, defaults.trainTimeoutMs),
      secrets: train.secrets ?? [],
      ...(train.checkpoint === undefined ? {} : { checkpoint: completeCheckpoint(train.checkpoint) }),
    },
    predict: {
      run: predict.run,
      runsOn: completeRunsOn(predict["runs-on"] ?? train["runs-on"]),
      timeoutMs: readTimeout(predict.timeout, defaults.predictTimeoutMs),
    },
    evaluate: completeEvaluate(task, written.evaluate, metrics),
    gates: gates.map((gate) => completeGate(task, gate, metrics)),
    expect: (written.expect ?? []).flatMap(completeExpectation),
    promote: completePromote(written.promote),
    monitor: completeMonitor(written.monitor),
  };
}

function completeInputs({ data, key, code, params }: NonNullable<WrittenModel["inputs"]>): Model["inputs"] {
  const named = key === undefined ? {} : { key: toList(key) };
  return { data: completeData(data), ...named, code: toList(code), params: toList(params) };
}

type WrittenData = NonNullable<WrittenModel["inputs"]>["data"];

/** The patterns of the data; a mount's manifest stands for it. */
function completeData(written: WrittenData): readonly string[] {
  if (written === undefined || typeof written === "string") return toList(written);
  return written.map((one) => (typeof one === "string" ? one : one.manifest));
}

function completeMounts(written: WrittenData): Pick<Model, "mounts"> {
  if (written === undefined || typeof written === "string") return {};
  const mounts = written.filter((one) => typeof one !== "string");
  return mounts.length === 0 ? {} : { mounts };
}

function completeSetup({ run, container, cache }: NonNullable<WrittenModel["setup"]>): Model["setup"] {
  return { run, container, ...(cache === undefined ? {} : { cache }) };
}

function completeCheckpoint({
  path,
  every,
}: NonNullable<WrittenModel["train"]["checkpoint"]>): Model["train"]["checkpoint"] {
  return { path, everyMs: readTimeout(every, defaults.checkpointEveryMs) };
}

function completeEvaluate(task: Task, written: WrittenEvaluate, metrics: readonly MetricDefinition[]): EvaluateConfig {
  const { lookup, ignore, baseline, windows } = written;
  return {
    task,
    holdout: completeFileSet(written.holdout),
    ...(windows === undefined
      ? {}
      : { windows: Object.entries(windows).map(([name, files]) => ({ name, files: completeFileSet(files) })) }),
    lookup: lookup === undefined ? undefined : completeFileSet(lookup),
    ignore: ignore === undefined ? undefined : completeFileSet(ignore),
    id: written.id,
    label: written.label,
    score: written.score,
    metrics,
    slices: written.slices ?? [],
    baseline: baseline === undefined ? undefined : { run: baseline.run, code: toList(baseline.code) },
  };
}

/** The metrics in their written order, then those that only a gate names. */
function completeMetrics(
  task: Task,
  written: Readonly<Record<string, WrittenMetric>> | undefined,
  gated: readonly string[],
): readonly MetricDefinition[] {
  const entries =
    written === undefined ? defaults.metrics[task].map((name) => [name, null] as const) : Object.entries(written);
  const metrics = entries.flatMap(([name, options]) => defineMetric(task, name, options ?? {}) ?? []);
  for (const name of gated) {
    const named = nameMetric(
      task,
      metrics.map((metric) => metric.name),
      name,
    );
    const builtin = defineBuiltin(task, name, {});
    if (named.kind === "metric" && builtin !== undefined && !metrics.some((metric) => metric.name === named.name))
      metrics.push(builtin);
  }
  return metrics;
}

function defineMetric(task: Task, name: string, options: NonNullable<WrittenMetric>): MetricDefinition | undefined {
  const { mean, ratio, unit, better = "higher" } = options;
  if (mean !== undefined) return { name, better, unit, definition: { kind: "mean", sql: mean } };
  if (ratio !== undefined)
    return { name, better, unit, definition: { kind: "ratio", over: ratio[0], under: ratio[1] } };
  return defineBuiltin(task, name, options);
}

function completeGate(
  task: Task,
  gate: NonNullable<WrittenModel["gates"]>[number],
  metrics: readonly MetricDefinition[],
): Gate {
  const named = nameMetric(
    task,
    metrics.map(({ name }) => name),
    gate.metric,
  );
  const metric = named.kind === "metric" ? named.name : gate.metric;
  if (gate["at-least"] !== undefined) return { kind: "at-least", metric, bar: gate["at-least"] };
  if (gate["at-most"] !== undefined) return { kind: "at-most", metric, bar: gate["at-most"] };
  return {
    kind: "versus",
    metric,
    against: gate.versus ?? "production",
    mayWorsen: gate["may-worsen"] ?? 0,
    better: gate.better ?? false,
  };
}

function completePromote(written: WrittenModel["promote"]): PromoteConfig {
  return {
    stages: written?.stages ?? defaults.stages,
    environment: written?.environment,
    combinations: written?.combinations ?? defaults.combinations,
    pin: written?.pin === undefined ? undefined : parseVersion(written.pin),
    bump: written?.bump ?? defaults.bump,
  };
}

function completeMonitor(written: WrittenModel["monitor"]): MonitorConfig | undefined {
  if (written === undefined) return undefined;
  const { reference, retrain } = written;
  return {
    schedule: written.schedule ?? defaults.schedule,
    alarm: {
      after: written.alarm?.after ?? Math.min(defaults.alarm.after, written.alarm?.of ?? defaults.alarm.of),
      of: written.alarm?.of ?? Math.max(defaults.alarm.of, written.alarm?.after ?? 1),
    },
    current: { run: written.current.run, output: written.current.output },
    predictions: written.predictions,
    labels: written.labels,
    reference: reference === undefined ? undefined : completeFileSet(reference),
    columns: written.columns,
    drift: completeDrift(written.drift),
    retrain:
      retrain === undefined
        ? undefined
        : {
            run: retrain.run,
            reviewers: retrain.reviewers ?? [],
            notNowMs: readTimeout(retrain["not-now"], defaults.notNowMs),
          },
  };
}

function completeDrift(written: NonNullable<WrittenModel["monitor"]>["drift"]): DriftConfig {
  const columns = Object.entries(written?.columns ?? {}).map(
    ([name, { threshold, missing, "new-values": newValues, critical }]) =>
      [name, { threshold, missing, newValues, critical: critical ?? false }] as const,
  );
  const { p, preset, target, prediction, names } = written ?? {};
  return { p, preset, target, prediction, names: names ?? [], columns: new Map(columns) };
}

function completeFileSet(written: WrittenFileSet): FileSet {
  if (typeof written === "string") return { kind: "globs", globs: [written] };
  if (Array.isArray(written)) return { kind: "globs", globs: written };
  return { kind: "last", count: written.last, of: written.of };
}

function completeRunsOn(written: WrittenModel["train"]["runs-on"]): RunsOn {
  if (written === undefined) return defaults.runsOn;
  if (typeof written === "string" || Array.isArray(written)) return written;
  return written.labels === undefined ? { group: written.group } : { group: written.group, labels: written.labels };
}

function toList(written: string | readonly string[] | undefined): readonly string[] {
  if (written === undefined) return [];
  return typeof written === "string" ? [written] : written;
}

function readTimeout(written: string | undefined, otherwiseMs: number): number {
  return written === undefined ? otherwiseMs : (parseDurationMs(written) ?? otherwiseMs);
}
