import { digest } from "#core/canonical.ts";
import type { Comparison, EstimateRecord, PredictionsRecord, RunRecord } from "#core/evidence.ts";
import { parseBlobSha, type CommitSha } from "#core/names.ts";
import {
  subjectOfTask,
  type ComparisonSpec,
  type PlanRecord,
  type ReportRecord,
  type Task,
} from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { reportArtifact } from "#flow/evidence/record-report.ts";
import { planLoop, type LoopTrigger } from "#flow/plan/plan-loop.ts";
import type { LocalWorld } from "./local-world.ts";
import { readLocator } from "./memory-releases.ts";

const params = "params.txt";

/** The config of a model whose every number stands in `params.txt`. */
export function localConfig(promote: string, name = "churn"): string {
  return `version: 1
models:
${localModel(promote, name)}`;
}

/** One model of such a config. */
export function localModel(promote: string, name = "churn"): string {
  return `  ${name}:
    inputs: { data: [train.csv], code: [train.sh], params: [${params}] }
    train: { run: sh train.sh, model: model.txt }
    predict: { run: sh predict.sh }
    evaluate: { holdout: holdout.csv, task: binary, label: churned, score: p }
    gates:
      - { metric: auc, at-least: 0.6 }
      - { metric: auc, versus: production, may-worsen: 0.01 }
    promote: ${promote}
`;
}

/** What `main` begins with. */
export function localFiles(auc: number, promote = "{}"): Readonly<Record<string, string>> {
  return {
    ".github/trainyard.yml": localConfig(promote),
    ".github/workflows/trainyard.yml": "on: push\n",
    "train.csv": "churned\n1\n",
    "train.sh": "cat params.txt\n",
    "holdout.csv": "churned\n0\n",
    [params]: `auc ${auc}\n`,
  };
}

/** Plans what an event asks for and leaves behind what the jobs of such a run would: bytes, and a report on them. */
export async function runLoop(world: LocalWorld, trigger: LoopTrigger, id: number, pull?: number): Promise<number> {
  world.memory.minutes += 1;
  const ports = world.ports();
  const { plan } = await planLoop(ports, trigger, undefined);
  if (plan === undefined) return id;
  await leaveWork(world, ports, plan, id);
  const own = pull === undefined ? undefined : world.memory.pulls.find(({ number }) => number === pull);
  world.memory.runs.push({
    id,
    attempt: 1,
    event: pull === undefined ? "push" : "pull_request",
    head: (own?.head.sha ?? plan.head) as CommitSha,
    branch: own?.head.ref ?? "main",
    path: ".github/workflows/trainyard.yml",
    status: "completed",
    conclusion: "success",
    // the service names no pull request for a fork's run
    pull: own?.fork === true ? undefined : pull,
    fork: own?.fork ?? false,
    url: `https://github.test/runs/${id}`,
  });
  return id;
}

/** Does what a plan asks for, and leaves it as artifacts of this run. */
export async function leaveWork(world: LocalWorld, ports: Ports, plan: PlanRecord, id: number): Promise<void> {
  const jobs = new Jobs(world, ports, id);
  for (const task of plan.tasks) await jobs.perform(task);
  jobs.leave(
    plan,
    plan.comparisons.map((spec) => jobs.compare(spec, plan)),
  );
}

type Answers = { subject: string; auc: number; spread: number };

class Jobs {
  readonly #runs: RunRecord[] = [];
  readonly #predictions: PredictionsRecord[] = [];
  readonly #answers = new Map<string, Answers>();
  readonly #world: LocalWorld;
  readonly #ports: Ports;
  readonly #id: number;

  constructor(world: LocalWorld, ports: Ports, id: number) {
    this.#world = world;
    this.#ports = ports;
    this.#id = id;
  }

  async perform(task: Task): Promise<void> {
    const model = task.train === null ? this.#fetch(task) : await this.#train(task);
    const subject = subjectOfTask(task, digest(model)) ?? "";
    const auc = readAuc(model);
    const spread = readSpread(model);
    this.#answers.set(task.key, { subject, auc, spread });
    for (const { evaluation } of task.sittings) {
      const name = `trainyard-answers-${task.key}`;
      const path = `predictions/${evaluation}.csv`;
      const text = `auc ${auc} spread ${spread} of ${subject}\n`;
      this.#leave(name, path, text);
      const bytes = { kind: "workflow-artifact", run: this.#id, name, path } as const;
      const about = { evaluation, subject, sha256: digest(text), size: text.length, format: "csv" as const };
      this.#predictions.push({ schema: "trainyard/predictions/1", ...about, bytes });
    }
  }

  async #train(task: Task): Promise<string> {
    const inputs = task.train?.inputs ?? [];
    const blob = inputs.find(({ path }) => path === params)?.blob ?? "";
    const said = new TextDecoder().decode(await this.#ports.repository.blob(parseBlobSha(blob)));
    const model = `recipe ${task.recipe}\n${said}${this.#world.memory.luck}`;
    const name = `trainyard-run-${task.key}`;
    this.#leave(name, "model.txt", model);
    const sha256 = digest(model);
    this.#runs.push({
      schema: "trainyard/run/1",
      key: `${this.#id}-1`,
      recipe: task.recipe ?? "",
      model: task.model,
      artifact: { sha256, size: model.length, files: [{ path: "model.txt", sha256, size: model.length }] },
      bytes: { kind: "workflow-artifact", run: this.#id, name, path: "" },
      inputs,
      parameters: { auc: readAuc(model) },
      series: {},
      durationMs: 1_000,
      runsOn: "local",
      counts: false,
      source: { kind: "local", head: "0".repeat(40) },
      at: this.#world.now().toISOString(),
    });
    return model;
  }

  #leave(name: string, path: string, text: string): void {
    this.#world.storage.artifacts[`${this.#id}/${name}/${path}`] = text;
  }

  #fetch(task: Task): string {
    if (task.bytes === null) throw new Error(`Nothing to fetch for ${task.key}`);
    return this.#read(task.bytes);
  }

  #read(locator: RunRecord["bytes"]): string {
    const [text] = readLocator(this.#world.storage, locator)?.values() ?? [];
    if (text === undefined) throw new Error("The bytes are gone");
    return text;
  }

  compare(spec: ComparisonSpec, plan: PlanRecord): Comparison {
    const exam = plan.evaluations.find(({ evaluation }) => evaluation === spec.evaluation);
    const side = ({ task, predictions }: ComparisonSpec["candidate"]): Answers => {
      const known = task === null ? undefined : this.#answers.get(task);
      if (known !== undefined) return known;
      if (predictions === null) throw new Error(`Nobody answers for ${task}`);
      const text = this.#read(predictions.bytes);
      return { subject: predictions.subject, auc: readAuc(text), spread: readSpread(text) };
    };
    const candidate = side(spec.candidate);
    const production = spec.production === null ? undefined : side(spec.production);
    return {
      schema: "trainyard/comparison/1",
      evaluation: spec.evaluation,
      task: "binary",
      candidate: candidate.subject,
      production: production?.subject ?? null,
      baseline: null,
      units: 400,
      unitName: "row",
      dropped: spec.dropped,
      holdout: (exam?.holdout ?? []).map(({ path }) => path),
      metrics: [
        {
          name: "auc",
          better: "higher",
          unit: null,
          candidate: estimate(candidate.auc, candidate.spread),
          production: production === undefined ? null : estimate(production.auc, production.spread),
          baseline: null,
          versusProduction:
            production === undefined ? null : estimate(candidate.auc - production.auc, candidate.spread),
          versusBaseline: null,
        },
      ],
      slices: [],
      flips: null,
      error: null,
    };
  }

  leave(plan: PlanRecord, comparisons: readonly Comparison[]): void {
    const { nonce, pull, head } = plan;
    const report: ReportRecord = {
      schema: "trainyard/report/1",
      nonce,
      pull,
      head,
      runs: this.#runs,
      predictions: this.#predictions,
      comparisons: [...comparisons],
      data: [],
      failures: [],
    };
    this.#leave(reportArtifact.artifact, reportArtifact.file, JSON.stringify(report));
  }
}

function readAuc(text: string): number {
  return Number(/auc ([\d.]+)/.exec(text)?.[1]);
}

/** Half the width of every interval of it: what is written as `spread 0.1` is not decided by a gate that lies within. */
function readSpread(text: string): number {
  return Number(/spread ([\d.]+)/.exec(text)?.[1] ?? 0.001);
}

function estimate(point: number, spread: number): EstimateRecord {
  return { point, low: point - spread, high: point + spread, n: 400 };
}
