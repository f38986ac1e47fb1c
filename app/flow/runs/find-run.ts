import { newestFirst } from "#core/plan/newest-run.ts";
import type { RecordedRun } from "./read-runs.ts";

export type FoundRun =
  | { kind: "run"; run: RecordedRun }
  | { kind: "none"; because: string }
  | { kind: "ambiguous"; because: string };

/**
 * The run that a person means: a version (`v1.1.0`, `groceries@v1.1.0`), its key, or the beginning of its recipe, artifact
 * or commit (at least 4 digits). Of several runs of one recipe the registered one is meant, else the newest. `runs` are newest first.
 */
export function findRun(runs: readonly RecordedRun[], name: string): FoundRun {
  const text = name.replace(/^sha256:/, "");
  for (const fits of [byKey, byVersion, byDigest]) {
    // of runs that came to the same bytes, a version means the one that was registered
    const found = runs
      .filter((run) => fits(run, text))
      .toSorted((a, b) => Number(b.registered) - Number(a.registered) || newestFirst(a.run, b.run));
    const [meantFirst] = found;
    if (meantFirst === undefined) continue;
    const meant = new Set(found.map(({ run }) => `${run.model}\0${run.recipe}`));
    if (meant.size === 1) return { kind: "run", run: meantFirst };
    const candidates = found.slice(0, 10).map(describe).join("; ");
    const more = found.length > 10 ? `; and ${found.length - 10} more` : "";
    return {
      kind: "ambiguous",
      because: `"${shorten(name)}" means more than one run: ${candidates}${more}. Say more of it`,
    };
  }
  const known =
    runs.length === 0 ? "there is none at all yet" : `the newest is ${runs.slice(0, 1).map(describe).join("")}`;
  return {
    kind: "none",
    because: `There is no run "${shorten(name)}": name a version, a key, or 4 digits and more of a recipe, an artifact or a commit; ${known}`,
  };
}

const byKey = ({ run }: RecordedRun, text: string): boolean => run.key === text;

function byVersion({ names, version }: RecordedRun, text: string): boolean {
  return version !== undefined && (text === version || names.some((name) => text === `${name}@${version}`));
}

function byDigest({ run }: RecordedRun, text: string): boolean {
  const digits = text.toLowerCase();
  if (!/^[0-9a-f]{4,64}$/.test(digits)) return false;
  return [run.recipe, run.artifact.sha256, run.source.head].some((id) => id.startsWith(digits));
}

function describe({ run, model, version }: RecordedRun): string {
  return `${run.key} (${model}${version === undefined ? "" : ` ${version}`}, recipe ${run.recipe.slice(0, 10)})`;
}

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
