import type { ModelTags } from "./registry.ts";

/**
 * Why these stages of a config do not go on from those that the model has been moved to, or undefined: stages only grow
 * behind the last, so whatever was moved to comes first, in the order in which it was moved to first.
 */
export function findStageProblem(model: string, { moves }: ModelTags, stages: readonly string[]): string | undefined {
  const used = [...new Set(moves.map(({ stage }) => stage))];
  const odd = used.find((stage, index) => stages[index] !== stage);
  if (odd === undefined) return undefined;
  const tag = moves.find(({ stage }) => stage === odd)?.name ?? odd;
  return `Cannot move "${model}" along [${stages.join(", ")}]: it has been moved along [${used.join(", ")}] (tag "${tag}"), and stages only grow behind the last. Begin "promote: stages:" with [${used.join(", ")}], or delete the tag if it was made by hand`;
}
