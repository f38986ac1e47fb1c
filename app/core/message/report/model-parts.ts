import { escapeProse } from "#core/message/escape.ts";
import type { Part } from "#core/message/fit-budget.ts";
import { renderComparison } from "./comparison-table.ts";
import { renderDataChange } from "./data-change.ts";
import { bullets } from "./details.ts";
import type { GateVerdict } from "#core/gate/verdict.ts";
import type { ModelReport } from "#core/message/report-input.ts";
import {
  renderData,
  renderFailures,
  renderFlips,
  renderNotes,
  renderParameters,
  renderRun,
  renderSlices,
} from "./sections.ts";

/** Everything about one model below its headline, in reading order. Parts that say nothing are left out. */
export function modelParts(model: ModelReport): readonly Part[] {
  const { comparison, proposed, failures } = model;
  const gates = model.verdict.kind === "pending" ? [] : model.verdict.gates;
  const part = (name: string, priority: number, ...versions: readonly string[]): Part => ({ name, priority, versions });
  const facts = (): string =>
    [renderFlips(comparison), renderParameters(model.parameters)].filter((text) => text !== "").join(" · ");
  const parts = [
    part("notes", 90, renderNotes(model)),
    part(
      "comparison",
      80,
      comparison === undefined ? "" : renderComparison(comparison, gates, nameSides(model)),
      short(comparison, model),
    ),
    part("comparison under the proposed evaluation", 60, proposed === undefined ? "" : renderProposed(model), ""),
    part("windows", 65, ...[40, 3].map((max) => renderWindows(model, max)), ""),
    part("gates", 50, renderGates(model), ""),
    part("production by the proposed gates", 55, renderProposedGates(model), ""),
    part(
      "failures",
      70,
      ...[6_000, 2_000, 600, 0].map((log) => renderFailures(failures, log)),
      renderFailures(failures, 0, 3),
    ),
    part("data", 40, renderData(model.data), ""),
    part("data in detail", 15, renderDataChange(model.data), ""),
    part("parameters", 30, facts(), ""),
    part("slices", 20, ...[50, 10, 0].map((max) => renderSlices(comparison, max))),
    part("training", 35, renderRun(model), ""),
  ];
  return parts.filter(({ versions }) => versions[0] !== "");
}

function short(comparison: ModelReport["comparison"], model: ModelReport): string {
  if (comparison === undefined || model.verdict.kind === "pending") return "";
  return renderComparison(comparison, model.verdict.gates, { ...nameSides(model), maxRows: 5 });
}

/** Where nothing new would ship, it is production that was measured. */
function nameSides({ verdict, run }: ModelReport): { candidate?: string } {
  return verdict.kind === "settings" || (verdict.kind === "error" && run === undefined)
    ? { candidate: "production" }
    : {};
}

function renderProposed(model: ModelReport): string {
  const { proposed, verdict } = model;
  if (proposed === undefined) return "";
  const said = "**Under the evaluation that this pull request proposes** (it decides only once it is merged):";
  const table =
    proposed.error === null ? renderComparison(proposed, [], nameSides(model)) : escapeProse(proposed.error);
  return verdict.kind === "pending" && table === "" ? "" : `${said}\n\n${table}`;
}

/** What other rows say, each with its own table; no gate reads them. */
function renderWindows({ windows = [] }: ModelReport, maxRows: number): string {
  return windows
    .slice(0, 10)
    .map(({ name, comparison }) => {
      const table =
        comparison.error === null
          ? renderComparison(comparison, [], { maxRows }) || "no row is left to compare on"
          : escapeProse(comparison.error);
      return `**${escapeProse(name, 40)}** (shown, decides nothing):\n\n${table}`;
    })
    .join("\n\n");
}

function renderProposedGates({ proposedGates = [] }: ModelReport): string {
  if (proposedGates.length === 0) return "";
  const said = "**Production by the gates that this pull request proposes** (they decide only once it is merged):";
  return `${said}\n\n${bullets(proposedGates.map(sayGate))}`;
}

/** Gates that did not pass, as sentences: the table shows lights, these say why. One gate is said by the headline. */
function renderGates({ verdict }: ModelReport): string {
  if (verdict.kind === "pending") return "";
  const open = verdict.gates.filter(({ kind }) => kind !== "pass");
  if (open.length < 2) return "";
  return bullets(open.map(sayGate));
}

function sayGate({ kind, because }: GateVerdict): string {
  const lights = { pass: "🟢", fail: "🔴", inconclusive: "🟡", error: "🔴" } as const;
  return `${lights[kind]} ${escapeProse(because, 500)}`;
}
