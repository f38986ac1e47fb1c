import { isGroupReport, renderGroupReport } from "#core/message/pull/render-group-report.ts";
import { renderCheck } from "#core/message/render-check.ts";
import type { ReportInput } from "#core/message/report-input.ts";
import type { CheckState, Ports } from "#core/ports.ts";
import { describeModels } from "#flow/pull/describe-model.ts";
import { stateOfModels, upsertCheck } from "#flow/pull/upsert-check.ts";
import { upsertComment } from "#flow/pull/upsert-comment.ts";
import { writeReviews } from "#flow/pull/write-reviews.ts";
import type { GroupAnswer } from "./reconcile-group.ts";

type Needed = Pick<Ports, "checks" | "comments" | "evidence" | "now" | "tags">;

/** Shows the check on a group's commit, records its verdicts, and tells its pull request why it was not let through. */
export async function publishGroup(ports: Needed, answer: GroupAnswer): Promise<void> {
  const { head, base, pull, outcome } = answer.observed;
  const state = stateOfGroup(answer);
  const input = await describe(ports, answer);
  if (state.kind === "completed" && outcome.kind === "models" && !outcome.informational)
    await writeReviews(ports, { pull: pull.number, head, base, group: true }, answer.models);
  if (state.kind === "completed" && state.conclusion !== "success")
    await upsertComment(ports.comments, pull.number, isGroupReport, renderGroupReport(input));
  const check = { ...renderCheck(input), state, externalId: "" };
  await upsertCheck(ports, head, check, await ports.checks.find(head));
}

export function isGroupGreen(answer: GroupAnswer): boolean {
  const state = stateOfGroup(answer);
  return state.kind === "completed" && state.conclusion === "success";
}

function stateOfGroup({ observed: { outcome }, models }: GroupAnswer): CheckState {
  if (outcome.kind === "no-config") return { kind: "completed", conclusion: "success" };
  if (outcome.kind !== "models") return { kind: "completed", conclusion: "failure" };
  return stateOfModels(models, outcome.informational);
}

async function describe(ports: Needed, { observed, models, failures }: GroupAnswer): Promise<ReportInput> {
  const { head, base, outcome } = observed;
  const common = { head, base, problem: undefined, models: [], informational: true };
  if (outcome.kind === "problems") return { ...common, problem: { kind: "config", problems: outcome.problems } };
  if (outcome.kind === "no-config") return common;
  const { informational } = outcome;
  return { ...common, models: await describeModels(ports, models, failures), informational };
}
