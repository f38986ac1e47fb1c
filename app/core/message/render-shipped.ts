import { escapeCell, escapeProse } from "./escape.ts";
import { addMarker, readMarker } from "./marker.ts";

/**
 * What came of a merge for one model. `why` it stands there, where that is not the review of the pull request itself;
 * `issue` says how to let go on what waits.
 */
export type Shipped =
  | {
      kind: "stands";
      model: string;
      version: string;
      stages: readonly string[];
      artifact: string;
      why: string | undefined;
    }
  | { kind: "registered"; model: string; version: string; pin: string }
  | { kind: "retired"; model: string; version: string; stage: string; by: string | null }
  | { kind: "waits"; model: string; because: string; production: string | undefined; issue: number | undefined }
  | { kind: "refused"; model: string; because: string; production: string | undefined };

/** Is this comment of ours the one that says what a merge shipped? */
export function isShipped(body: string): boolean {
  return readMarker(body)?.kind === "promoted";
}

/** Tells a merged pull request what came of it. */
export function renderShipped(shipped: readonly Shipped[]): string {
  const undo = shipped.some(({ kind }) => kind === "stands") ? ["To undo: revert this pull request."] : [];
  return addMarker([...shipped.map(say), ...undo].join("\n\n"), "promoted", {});
}

function say(shipped: Shipped): string {
  const name = escapeProse(shipped.model, 100);
  switch (shipped.kind) {
    case "stands": {
      const { version, stages, artifact } = shipped;
      const where = stages.map((stage) => escapeCell(stage, 60)).join(" and ");
      const bytes = escapeCell(`sha256:${artifact.slice(0, 16)}…`);
      const why =
        shipped.why === undefined
          ? `the bytes that were reviewed here, ${bytes}, nothing trained again`
          : `the bytes ${bytes}: ${escapeProse(shipped.why, 400)}`;
      return `🚂 **${name} ${escapeProse(version, 40)}** stands at ${where}: ${why}.`;
    }
    case "registered": {
      const version = escapeProse(shipped.version, 40);
      return `🏷️ **${name} ${version}** is registered, and moves nothing: ${escapeProse(shipped.pin, 40)} is pinned. Taking the pin out of the config ships it.`;
    }
    case "retired": {
      const by = shipped.by === null ? "" : ` by the word of ${escapeCell(shipped.by, 60)}`;
      return `🗄️ **${name}** is retired${by}: ${escapeProse(shipped.version, 40)} was taken from ${escapeCell(shipped.stage, 60)}. Its versions and their releases stay.`;
    }
    case "waits": {
      const see = shipped.issue === undefined ? "" : ` #${shipped.issue} says what it is and how to let it go on.`;
      return `🟡 **${name}** waits for \`/promote\`: ${escapeProse(shipped.because, 400)}. ${sayStays(shipped)}.${see}`;
    }
    case "refused":
      return `🔴 **${name}** was not shipped: ${escapeProse(shipped.because, 400)}. ${sayStays(shipped)}.`;
  }
}

function sayStays({ production }: { production: string | undefined }): string {
  return production === undefined ? "Nothing is in production" : `Production stays ${escapeProse(production, 40)}`;
}
