import { canonicalJson, digest } from "#core/canonical.ts";
import type { PullAnswer } from "./reconcile-pull.ts";

/** The digest of the evidence that all verdicts stand on. */
export function evidenceOf({ models }: Pick<PullAnswer, "models">): string {
  return digest(canonicalJson(models.map(({ answer }) => (answer.kind === "verdict" ? answer.evidence : ""))));
}
