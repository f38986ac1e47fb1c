import { escapeCell, escapeProse } from "./escape.ts";
import { addMarker, readMarker } from "./marker.ts";

export type Shipped = { model: string; version: string; stages: string[]; artifact: string };

/** Is this comment of ours the one that says what a merge shipped? */
export function isShipped(body: string): boolean {
  return readMarker(body)?.kind === "promoted";
}

/** Tells a merged pull request what came of it. */
export function renderShipped(shipped: readonly Shipped[]): string {
  const lines = shipped.map(
    ({ model, version, stages, artifact }) =>
      `🚂 **${escapeProse(model, 100)} ${escapeProse(version, 40)}** stands at ${stages.map((stage) => escapeCell(stage, 60)).join(" and ")}: the bytes that were reviewed here, ${escapeCell(`sha256:${artifact.slice(0, 16)}…`)}, nothing trained again.`,
  );
  return addMarker([...lines, "To undo: revert this pull request."].join("\n\n"), "promoted", {});
}
