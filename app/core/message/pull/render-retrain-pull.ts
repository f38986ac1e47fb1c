import type { DriftReport } from "#core/drift/drift-record.ts";
import { asSentence, escapeCell, escapeProse } from "#core/message/escape.ts";
import { formatCount, formatNumber, formatSize, formatUnits } from "#core/message/format.ts";
import { addMarker, readMarker } from "#core/message/marker.ts";
import { markdownTable } from "markdown-table";

export type RetrainPull = {
  model: string;
  report: DriftReport | undefined;
  /** what the team's command changed against the default branch */
  files: readonly { path: string; size: number; isNew: boolean }[];
  /** the drift issue */
  issue: number | undefined;
};

/** The model that this retraining pull request of ours is about. */
export function readRetrainMarker(body: string): string | undefined {
  const marker = readMarker(body);
  return marker?.kind === "retrain" ? marker.data["model"] : undefined;
}

/** How the robot's own commits begin; whatever else is on the branch, a person wrote. */
const subject = (model: string): string => `Refresh the data of ${model}`;

/** The message of the robot's commit. */
export function refreshMessage(model: string, because: string): string {
  return `${subject(model)}\n\n${because.slice(0, 2_000)}`;
}

/** Did the robot write this commit? */
export function isOurRefresh(message: string, model: string): boolean {
  return message.split("\n", 1)[0] === subject(model);
}

/** Said once on the pull request that a person has taken over. */
export function sayRobotStopped(issue: number): string {
  return `🤖 Somebody has committed to this branch: it is theirs now. Newer data is brought here no more, and no second pull request is opened while this one is open (#${issue}).`;
}

/** Said once on the pull request where nobody could be asked to review it. */
export function sayNobodyAsked(names: readonly string[], because: string): string {
  const who = names.map((name) => escapeCell(name, 60)).join(", ");
  return `⚠️ ${who} could not be asked for a review: ${asSentence(escapeProse(because, 500))} \`monitor: retrain: reviewers:\` takes logins of people who may read this repository, and teams of its organization as \`org/team\`.`;
}

/** Title and text of the pull request that trains again on newer data. Its verdict comes in a comment, as for any other. */
export function renderRetrainPull(pull: RetrainPull): { title: string; body: string } {
  const { model, report, files, issue } = pull;
  const reason =
    report === undefined
      ? ""
      : `**Why**: ${escapeProse(report.version, 40)} stands in production and has drifted. ${asSentence(escapeProse(report.because, 600))}`;
  const lines = [
    `Newer data for ${escapeProse(model, 100)}, brought by the command \`monitor: retrain:\` of the default branch's config.`,
    reason,
    report === undefined ? "" : renderColumns(report),
    `**Data**: ${sayDiff(files)}`,
    renderFiles(files),
    "**What decides**: the comparison with production, as for anybody's pull request, on rows that neither was trained on. Where the holdout is rolling, those are the newest, the drifted ones among them.",
    `**How to stop it**: close this pull request, which means "not now" (\`monitor: retrain: not-now\`); \`/snooze 2w\` ${issue === undefined ? "on its issue" : `on #${issue}`} is quiet about the alarm as well. The robot updates this branch with each watch until somebody approves it, queues it, or commits to it.`,
    issue === undefined
      ? ""
      : `About #${issue}, which a watch closes once a version that fits is in production, or the data is as it was.`,
  ];
  const body = lines.filter((line) => line !== "").join("\n\n");
  return { title: `Train ${model} on newer data`, body: addMarker(body, "retrain", { model }) };
}

function renderColumns({ columns }: DriftReport): string {
  const drifted = columns.filter((column) => column.drifted);
  if (drifted.length === 0) return "";
  const rows = drifted
    .slice(0, 5)
    .map(({ column, effect, threshold }) => [escapeCell(column), formatNumber(effect, 3), formatNumber(threshold, 3)]);
  const more = drifted.length - rows.length;
  const table = markdownTable([["column", "effect", "alarm at"], ...rows]);
  return more > 0 ? `${table}\n\nand ${formatUnits(more, "more column")}` : table;
}

function sayDiff(files: RetrainPull["files"]): string {
  const added = files.filter(({ isNew }) => isNew).length;
  const size = formatSize(files.reduce((sum, file) => sum + file.size, 0));
  const parts = [
    added > 0 ? formatUnits(added, "new file") : "",
    files.length > added ? formatUnits(files.length - added, "changed file") : "",
  ];
  return `${parts.filter((part) => part !== "").join(", ")}, ${size} in all. How many rows came and went is in the report on this pull request.`;
}

function renderFiles(files: RetrainPull["files"]): string {
  const shown = files
    .slice(0, 12)
    .map(({ path, size, isNew }) => `- ${escapeCell(path)} (${isNew ? "new" : "changed"}, ${formatSize(size)})`);
  const more = files.length - shown.length;
  return [...shown, ...(more > 0 ? [`- and ${formatCount(more)} more`] : [])].join("\n");
}
