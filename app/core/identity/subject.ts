import { canonicalJson, digest } from "#core/canonical.ts";
import type { Sha256 } from "#core/names.ts";

/**
 * Who answers an evaluation, as in docs/identity.md: a model's bytes, asked as its recipe says. Two recipes may come to
 * the same bytes and ask them differently, so the bytes alone are nobody.
 */
export function computeSubject({ artifact, recipe }: { artifact: string; recipe: string }): Sha256 {
  return digest(canonicalJson({ artifact, recipe, schema: "trainyard/subject/1" }));
}

/** The same of a run. */
export function subjectOfRun(run: { artifact: { sha256: string }; recipe: string }): Sha256 {
  return computeSubject({ artifact: run.artifact.sha256, recipe: run.recipe });
}
