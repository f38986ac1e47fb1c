import type { Bench } from "./bench.ts";

/** What the steps of a job printed, without instants and without what the runner adds. */
export function said(bench: Bench, name: string): string[] {
  const out: string[] = [];
  let inGroup = false;
  for (const line of bench
    .log(name)
    .split("\n")
    .map((whole) => whole.slice(29))) {
    if (line.startsWith("##[group]Run ")) inGroup = true;
    if (!inGroup && line !== "" && !/^Job .* of run \d+, attempt/.test(line)) out.push(line);
    if (line === "##[endgroup]") inGroup = false;
  }
  return out;
}
