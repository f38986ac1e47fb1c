import type { ModelReport, ReportInput } from "#core/message/report-input.ts";
import { sameGates } from "#core/plan/identify.ts";
import type { Ports } from "#core/ports.ts";
import { nextVersion } from "#core/registry/version.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import type { PullAnswer } from "./reconcile-pull.ts";

/** Turns what was found out about a pull request into what its report is made of. */
export async function describePull(ports: Pick<Ports, "tags">, answer: PullAnswer): Promise<ReportInput> {
  const { pull, base, outcome } = answer.observed;
  const common = { head: pull.head.sha, base };
  if (outcome.kind === "problems") {
    return { ...common, models: [], problem: { kind: "config", problems: outcome.problems }, informational: false };
  }
  if (outcome.kind === "conflict" || outcome.kind === "stale" || outcome.kind === "elsewhere") {
    return { ...common, models: [], problem: outcome, informational: false };
  }
  if (outcome.kind === "no-config") return { ...common, models: [], problem: undefined, informational: true };
  const models = await Promise.all(answer.models.map(async (model) => await describeModel(ports, answer, model)));
  return { ...common, models, problem: undefined, informational: outcome.informational };
}

async function describeModel(
  ports: Pick<Ports, "tags">,
  answer: PullAnswer,
  { change, observed, answer: model }: PullAnswer["models"][number],
): Promise<ModelReport> {
  const { facts } = observed;
  const judged = model.kind === "verdict" ? model : undefined;
  const affected = change.kind === "candidate" || change.kind === "settings" ? change : undefined;
  const after = affected?.merged.model;
  return {
    name: change.name,
    verdict: judged?.verdict ?? { kind: "pending", because: model.kind === "pending" ? model.because : "" },
    production: facts.production?.standing.version,
    next: change.kind === "candidate" ? await next(ports, change, facts) : undefined,
    stage: affected?.judge.promote.stages.at(-1) ?? "production",
    comparison: judged?.comparison,
    proposed: judged?.proposed,
    changes: {
      evaluation: affected?.proposed !== undefined,
      gates: affected !== undefined && after !== undefined && !sameGates(affected.judge.gates, after.gates),
      promotion: change.kind === "settings" && change.promoteChanged,
    },
    changedHoldout: change.kind === "candidate" ? change.changedHoldout : [],
    data: facts.data,
    run: change.kind === "candidate" ? facts.candidate?.run : undefined,
    runs: facts.runs,
    parameters: [],
    waiting: undefined,
    failures: answer.failures.filter((failure) => failure.model === change.name),
  };
}

async function next(
  ports: Pick<Ports, "tags">,
  change: Extract<PullAnswer["models"][number]["change"], { kind: "candidate" }>,
  facts: PullAnswer["models"][number]["observed"]["facts"],
): Promise<string> {
  if (facts.goesBackTo !== undefined) return facts.goesBackTo.version;
  if (facts.registered !== undefined) return facts.registered;
  const registry = await readRegistry(ports.tags, change.name);
  return nextVersion(registry.versions, change.merged.model.promote.bump);
}
