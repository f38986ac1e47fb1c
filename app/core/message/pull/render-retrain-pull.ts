import type { DriftReport } from "#core/evidence.ts";
import { escapeCell, escapeProse } from "#core/message/escape.ts";
import { formatCount } from "#core/message/format.ts";
import { addMarker, readMarker } from "#core/message/marker.ts";

export type RetrainPull = {
  model: string;
  report: DriftReport | undefined;
  /** paths that the team's command changed */
  files: readonly string[];
  /** the drift issue */
  issue: number | undefined;
};

/** The model that this retraining pull request of ours is about. */
export function readRetrainMarker(body: string): string | undefined {
  const marker = readMarker(body);
  return marker?.kind === "retrain" ? marker.data["model"] : undefined;
}

/** Title and text of the pull request that trains again on newer data. Its verdict comes in a comment, as for any other. */
export function renderRetrainPull(pull: RetrainPull): { title: string; body: string } {
  const { model, report, files, issue } = pull;
  const reason =
    report === undefined
      ? ""
      : ` ${escapeProse(report.version, 40)} stands in production and has drifted: ${escapeProse(report.because, 600)}`;
  const shown = files.slice(0, 12).map((path) => `- ${escapeCell(path)}`);
  const more = files.length - shown.length;
  const lines = [
    `Newer data for ${escapeProse(model, 100)}, brought by the command \`monitor: retrain:\` of the default branch's config.${reason}`,
    [...shown, ...(more > 0 ? [`- and ${formatCount(more)} more`] : [])].join("\n"),
    "The comparison with production decides, as for anybody's pull request. A commit of yours on this branch keeps the robot off it.",
    issue === undefined
      ? ""
      : `About #${issue}, which a watch closes once a version that fits is in production, or the data is as it was.`,
  ];
  const body = lines.filter((line) => line !== "").join("\n\n");
  return { title: `Train ${model} on newer data`, body: addMarker(body, "retrain", { model }) };
}
