import { plainLine } from "#core/message/escape.ts";
import type { Standing } from "#core/registry/registry.ts";
import { alignColumns } from "./align-columns.ts";

/** What stands where for one model. Everything that people wrote in it is untrusted. */
export type ModelStatus = {
  name: string;
  /** `problem`: the newest tag of the stage cannot be believed */
  stages: readonly { stage: string; standing: Standing | undefined; problem: string | undefined }[];
  newest: string | undefined;
  /** what the default branch makes; undefined where its config does not name the model */
  recipe: string | undefined;
  /** why the default branch's own is not in production yet; undefined where it is */
  waits: string | undefined;
  /** what its watches come to; undefined where all is well, or nobody asked to watch it */
  watch?: string | undefined;
};

/** `trainyard status`: a line a stage, and below it what waits. Plain text for a terminal. */
export function renderStatus(models: readonly ModelStatus[]): string {
  if (models.length === 0) return "No model: neither the default branch's config nor a tag names one.";
  const rows = models.flatMap(({ name, stages }) =>
    stages.map(({ stage, standing }) => [
      plainLine(name, 40),
      plainLine(stage, 40),
      standing?.version ?? "nothing",
      standing?.since.toISOString().slice(0, 16).replace("T", " ") ?? "",
      standing === undefined ? "" : sayWhy(standing),
    ]),
  );
  const notes = models.flatMap(({ name, stages, waits, watch }) => [
    ...stages.flatMap(({ problem }) =>
      problem === undefined ? [] : [`${plainLine(name, 40)}: ${plainLine(problem, 400)}`],
    ),
    ...[waits, watch].flatMap((note) =>
      note === undefined ? [] : [`${plainLine(name, 40)}: ${plainLine(note, 400)}`],
    ),
  ]);
  const table = alignColumns([["model", "stage", "version", "since (UTC)", "by"], ...rows]);
  return notes.length === 0 ? table : `${table}\n\n${notes.join("\n")}`;
}

/** "#7", "@ada: a start". */
function sayWhy({ pull, by, why }: Standing): string {
  const who = [pull === null ? "" : `#${pull}`, by === null ? "" : `@${plainLine(by, 40)}`]
    .filter((part) => part !== "")
    .join(", ");
  const reason = pull !== null && by === null ? "" : plainLine(why, 80);
  return [who, reason].filter((part) => part !== "").join(": ");
}
