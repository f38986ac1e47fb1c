import type { FileSet, Glob } from "#core/config/config.ts";
import { compileGlobs } from "#core/config/glob.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { namePointers } from "#core/pointer/name-pointers.ts";
import { isPointerPath } from "#core/pointer/pointer.ts";
import type { ModelChange } from "./changes.ts";
import type { ModelFacts } from "./model-facts.ts";

type Candidate = Extract<ModelChange, { kind: "candidate" }>;
type Named = { setting: string; glob: Glob; files: readonly TreeEntry[] };

/**
 * What a candidate declares and no file bears out, as a sentence; undefined where every pattern matches something. A
 * pattern that is misspelt would train on less than anybody thinks, or judge by it: nothing is trained for it.
 * What `ignore` names may well not be there yet. `tree`: where pointers are looked for that stand in a pattern's place.
 */
export function findUnmatched(change: Candidate, facts: Pick<ModelFacts, "baseline">, tree?: Tree): string | undefined {
  const { inputs } = change.merged.model;
  const { training } = change.merged;
  const baseline = facts.baseline?.code;
  const exams = change.proposed === undefined ? [change.exam] : [change.exam, change.proposed];
  const named: readonly Named[] = [
    ...(["data", "code", "params"] as const).flatMap((part) => name(`inputs.${part}`, inputs?.[part] ?? [], training)),
    ...exams.flatMap(({ definitions, holdout, lookup }) => [
      ...name("evaluate.holdout", globsOf(definitions.holdout), holdout),
      ...name("evaluate.lookup", globsOf(definitions.lookup), lookup),
    ]),
    ...(baseline === undefined
      ? []
      : name("evaluate.baseline.code", change.judge.evaluate.baseline?.code ?? [], baseline)),
  ];
  const unmatched = named.filter(({ glob, files }) => {
    const matches = compileGlobs([glob]);
    return !files.some(({ path }) => matches(path));
  });
  const said = [...new Set(unmatched.map(({ setting, glob }) => `"${glob}" (${setting})`))];
  if (said.length === 0) return undefined;
  const besides = unmatched.some(({ setting }) => setting !== "evaluate.holdout") ? " besides the holdout" : "";
  return `no file${besides} matches ${said.join(", ")}: ${sayMends([...new Set(unmatched.map(({ glob }) => glob))], tree)}`;
}

/** What git holds a pointer of is named by its pointer. */
function sayMends(globs: readonly Glob[], tree: Tree | undefined): string {
  const pointers = [...(tree?.keys() ?? [])].filter(isPointerPath);
  const mends = globs.map((glob) => {
    const held = namePointers(glob).find((pattern) => pointers.some(compileGlobs([pattern])));
    return held === undefined
      ? "correct the pattern, or add the file"
      : `git holds a pointer in place of "${glob}"; name its pointer, "${held}"`;
  });
  return [...new Set(mends)].join("; ");
}

function name(setting: string, globs: readonly Glob[], files: readonly TreeEntry[]): readonly Named[] {
  return globs.map((glob) => ({ setting, glob, files }));
}

function globsOf(set: FileSet | undefined): readonly Glob[] {
  if (set === undefined) return [];
  return set.kind === "last" ? [set.of] : set.globs;
}
