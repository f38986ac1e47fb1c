import type { RunRecord } from "#core/evidence.ts";
import type { ModelReport } from "#core/message/report-input.ts";

type Parameters = RunRecord["parameters"];

/** The parameters of two runs that differ, by name; "" where one is not set. Nothing to compare with: none. */
export function compareParameters(
  production: Parameters | undefined,
  candidate: Parameters | undefined,
): ModelReport["parameters"] {
  if (production === undefined || candidate === undefined) return [];
  const names = [...new Set([...Object.keys(production), ...Object.keys(candidate)])].sort();
  const said = (of: Parameters, name: string): string => (name in of ? String(of[name]) : "");
  return names
    .map((name) => ({ name, production: said(production, name), candidate: said(candidate, name) }))
    .filter((entry) => entry.production !== entry.candidate);
}
