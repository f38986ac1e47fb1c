import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { digest } from "#core/canonical.ts";
import type { EvaluateConfig, FileSet, Gate, Model } from "#core/config/config.ts";
import { digestArtifact } from "#core/identity/artifact.ts";
import { computeBaseline } from "#core/identity/baseline.ts";
import { computeSubject } from "#core/identity/subject.ts";
import { computeEvaluation } from "#core/identity/evaluation.ts";
import { digestGates } from "#core/identity/gates.ts";
import type { ExamFiles } from "#core/identity/inputs.ts";
import { resolveInputs } from "#core/identity/inputs.ts";
import { mergeTrees } from "#core/identity/merged-tree.ts";
import { computeRecipe, type RecipeSettings } from "#core/identity/recipe.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha } from "#core/names.ts";
import { modelOf } from "./model-of.ts";

/** Written by identity.py, which shares no code with us: see docs/identity.md. */
type Vectors = {
  recipes: (Answer & { settings: RecipeSettings; inputs: TreeEntry[] })[];
  evaluations: (Answer & { definitions: EvaluateConfig; files: ExamFiles })[];
  baselines: (Answer & { run: string; setup: string | null; container: string | null; code: TreeEntry[] })[];
  subjects: (Answer & { artifact: string; recipe: string })[];
  gates: (Answer & { gates: Gate[] })[];
  artifacts: (Answer & { files: { path: string; sha256: string; size: number }[] })[];
  selections: {
    name: string;
    tree: string[];
    inputs: Model["inputs"] | null;
    holdout: FileSet;
    lookup: FileSet | null;
    ignore: FileSet | null;
    selected: Record<string, string[]>;
  }[];
  merges: { name: string; base: PlainTree; ancestor: PlainTree; head: PlainTree; merged: PlainTree | null }[];
};
type Answer = { name: string; canonical: string | null; digest: string };
type PlainTree = Record<string, [mode: string, blob: string]>;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a file of our own
const vectors = JSON.parse(readFileSync(new URL("../vectors/identity.json", import.meta.url), "utf8")) as Vectors;

describe("test vectors", () => {
  it("show the very text that each digest is taken over", () => {
    const answers = [
      vectors.recipes,
      vectors.evaluations,
      vectors.baselines,
      vectors.gates,
      vectors.artifacts,
      vectors.subjects,
    ].flat();
    const texts = answers.filter(({ canonical }) => canonical !== null);
    expect(texts.map(({ canonical }) => digest(canonical ?? ""))).toEqual(texts.map((answer) => answer.digest));
  });

  it.for(vectors.recipes)("computeRecipe(): $name", (vector) => {
    const { setup, train, predict } = vector.settings;
    const settings = { setup: setup ?? undefined, train, predict };
    if (settings.setup !== undefined) settings.setup.container ??= undefined;
    expect(computeRecipe(settings, vector.inputs)).toBe(vector.digest);
    expect(computeRecipe(settings, vector.inputs.toReversed())).toBe(vector.digest);
  });

  it.for(vectors.evaluations)("computeEvaluation(): $name", (vector) => {
    expect(computeEvaluation(vector.definitions, vector.files)).toBe(vector.digest);
  });

  it.for(vectors.baselines)("computeBaseline(): $name", (vector) => {
    const { setup, container } = vector;
    const under = { run: setup ?? undefined, container: container ?? undefined };
    expect(computeBaseline(vector.run, under, vector.code)).toBe(vector.digest);
  });

  it.for(vectors.subjects)("computeSubject(): $name", (vector) => {
    expect(computeSubject(vector)).toBe(vector.digest);
  });

  it.for(vectors.gates)("digestGates(): $name", (vector) => {
    expect(digestGates(vector.gates)).toBe(vector.digest);
  });

  it.for(vectors.artifacts)("digestArtifact(): $name", (vector) => {
    expect(digestArtifact(vector.files)).toBe(vector.digest);
  });

  it.for(vectors.selections)("resolveInputs(): $name", ({ tree, inputs, holdout, lookup, ignore, selected }) => {
    const model = modelOf({
      inputs: inputs ?? undefined,
      evaluate: { holdout, lookup: lookup ?? undefined, ignore: ignore ?? undefined },
    });
    const found = resolveInputs(
      model,
      readTree(Object.fromEntries(tree.map((path) => [path, ["100644", "a".repeat(40)]]))),
    );
    const paths = Object.entries(found).map(([kind, files]) => [kind, files.map(({ path }) => path)]);
    expect(Object.fromEntries(paths)).toEqual(selected);
  });

  it.for(vectors.merges)("mergeTrees(): $name", ({ base, ancestor, head, merged }) => {
    const found = mergeTrees(readTree(base), readTree(ancestor), readTree(head));
    expect(found.kind === "merged" ? new Map(found.tree) : null).toEqual(merged === null ? null : readTree(merged));
  });
});

function readTree(plain: PlainTree): Tree {
  return new Map(Object.entries(plain).map(([path, [mode, blob]]) => [path, { path, mode, blob: parseBlobSha(blob) }]));
}
