import { renderReport } from "#core/message/render-report.ts";
import { readable } from "#core/message/terminal/readable.ts";
import type { CheckAnswer, CheckedModel } from "#flow/check/check-merge.ts";
import type { Workspace } from "./open-workspace.ts";

/** What was looked at, and the very comment that the pull request would get. */
export function printAnswer(workspace: Workspace, answer: CheckAnswer): string {
  const { base, branch, head, dirty } = workspace;
  const what = `${branch === undefined ? "" : `${branch} `}(${head.slice(0, 7)}${dirty ? " and uncommitted changes" : ""})`;
  const title = `${what.trim()} into ${base.name} (${base.commit.slice(0, 7)})`;
  if (!dirty && head === base.commit) {
    return `${title}\n\n${sayNothingDiffers(workspace)}\n`;
  }
  return `${title}\n\n${readable(renderReport(answer.report), { folds: "open" })}\n${answer.models.map(sayTrainedAgain).join("")}`;
}

/** Whoever works on the default branch itself has nothing to compare with it. */
function sayNothingDiffers({ base, branch, hasParent }: Workspace): string {
  const change =
    branch === base.name
      ? "work on a branch (git switch -c my-change), change something there and run this again"
      : "change something and run this again";
  const last = hasParent ? ". What the last commit changed: --base HEAD~1" : "";
  return `Nothing here differs from ${base.name}: ${change}${last}`;
}

/** Production was trained again here, and came out as other bytes than the released ones. */
function sayTrainedAgain({ change, facts, standIn }: CheckedModel): string {
  const released = standIn?.standing;
  const here = facts.production?.standing.artifact;
  if (released === undefined || here === undefined || released.artifact === here) return "";
  return `\n${change.name} ${released.version} was trained again here, and its bytes differ from the released ones: the pull request compares with those.\n`;
}

/** The same for programs. Numbers are as they were computed; what was not measured is null. */
export function printJson(workspace: Workspace, answer: CheckAnswer): string {
  const { base, branch, head, dirty } = workspace;
  const green =
    answer.outcome.kind === "models" &&
    answer.models.every(({ answer: model }) => model.kind === "verdict" && model.verdict.green);
  const said = {
    schema: "trainyard/check/1",
    green,
    base: { name: base.name, commit: base.commit },
    head: { branch: branch ?? null, commit: head, dirty },
    trained: answer.trained,
    problems: answer.outcome.kind === "problems" ? answer.outcome.problems : [],
    models: answer.models.map(describe),
  };
  return `${JSON.stringify(said, null, 2)}\n`;
}

function describe({ change, facts, answer, report, standIn }: CheckedModel): unknown {
  const affected = change.kind === "candidate" || change.kind === "settings" ? change : undefined;
  const verdict = answer.kind === "verdict" ? answer.verdict : undefined;
  const comparison = answer.kind === "verdict" ? answer.comparison : undefined;
  const candidate = change.kind === "candidate" ? facts.candidate?.run : undefined;
  return {
    name: change.name,
    change: change.kind,
    verdict: verdict?.kind ?? "pending",
    green: verdict?.green ?? false,
    because: verdict?.because ?? "",
    recipe: affected?.merged.recipe ?? null,
    evaluation: affected?.exam.evaluation ?? null,
    proposedEvaluation: affected?.proposed?.evaluation ?? null,
    candidate:
      candidate === undefined
        ? null
        : {
            artifact: candidate.artifact.sha256,
            run: candidate.key,
            durationMs: candidate.durationMs,
            parameters: candidate.parameters,
          },
    production:
      standIn === undefined
        ? null
        : {
            version: standIn.standing?.version ?? null,
            commit: standIn.commit,
            recipe: standIn.identity.recipe,
            artifact: facts.production?.standing.artifact ?? null,
          },
    units: comparison === undefined ? null : { count: comparison.units, name: comparison.unitName },
    dropped: comparison?.dropped ?? [],
    metrics: comparison?.metrics ?? [],
    slices: comparison?.slices ?? [],
    proposedMetrics: (answer.kind === "verdict" ? answer.proposed?.metrics : undefined) ?? [],
    gates: (verdict?.gates ?? []).map(({ kind, gate, because, needs }) => ({
      ...gate,
      verdict: kind,
      because,
      needs: needs ?? null,
    })),
    parameters: report.parameters,
    failures: report.failures,
  };
}
