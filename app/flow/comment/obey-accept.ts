import type { Command } from "#core/command/read-command.ts";
import { acceptanceSchema } from "#core/evidence.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import { readMarker } from "#core/message/marker.ts";
import { isReport } from "#core/message/render-report.ts";
import { waitsForAcceptance } from "#core/plan/judge-model.ts";
import type { Ports } from "#core/ports.ts";
import { evidencePath, EvidenceReader, writeRecord } from "#flow/evidence/evidence-reader.ts";
import { evidenceOf } from "#flow/pull/evidence-of.ts";
import { judgePull, type PullAnswer } from "#flow/pull/reconcile-pull.ts";
import { refuse, type Outcome, type WrittenComment } from "./outcome.ts";

/**
 * Takes an undecided verdict as it is: for exactly the evidence that the report showed when the word was said. The
 * first digits of a digest tell a person's mistake, and bind nobody; the whole of it does.
 */
export async function obeyAccept(
  ports: Ports,
  command: Extract<Command, { kind: "accept" }>,
  comment: WrittenComment,
): Promise<Outcome> {
  if (!comment.isPull) return refuse('"/accept" is about the verdict on a pull request: say it on one');
  const answer = await judgePull(ports, comment.issue, [], { expecting: false });
  const { pull, outcome } = answer.observed;
  if (pull.state !== "open") return refuse("this pull request is closed");
  if (outcome.kind !== "models" || outcome.informational) return refuse("nothing here waits for it");
  const open = answer.models.flatMap(({ change, answer: said }) => {
    if (said.kind !== "verdict" || said.verdict.green || !waitsForAcceptance.has(said.verdict.kind)) return [];
    return [{ model: change.name, verdict: said.verdict, evidence: said.evidence }];
  });
  const named = open.filter(({ model }) => command.model === undefined || command.model === model);
  const [one, ...others] = named;
  if (one === undefined) return (await findKept(ports, answer, comment)) ?? refuse(sayNothing(answer, command.model));
  if (others.length > 0)
    return refuse(
      `more than one model is undecided: name one (${named.map(({ model }) => `/accept ${model}`).join(", ")})`,
    );
  const { model, verdict, evidence } = one;
  if (command.digest !== undefined && !evidence.startsWith(command.digest))
    return refuse(
      `what is undecided now is ${evidence.slice(0, 12)}, not ${command.digest.slice(0, 12)}: look at it again`,
    );
  // Twelve digits are quickly made to be those of something else by whoever makes both.
  const isWhole = command.digest === evidence;
  if (!isWhole && !(await wasSeen(ports, comment, evidenceOf(answer))))
    return refuse("the report has changed since, or is not written yet: look at it, and say it again");
  const { author: by } = comment;
  const record = acceptanceSchema.parse({
    schema: "trainyard/acceptance/1",
    model,
    evidence,
    verdict: verdict.kind,
    pull: pull.number,
    head: pull.head.sha,
    by,
    why: command.why,
    at: comment.at.toISOString(),
  });
  await ports.evidence.write(
    new Map([[evidencePath.acceptance(record), writeRecord(record)]]),
    `Record that ${by} accepts ${model} on #${pull.number}`,
  );
  return sayAccepted(model, verdict, evidence, command.why, comment);
}

/** This very word was recorded before, and whoever did it ended before it was said. */
async function findKept(ports: Ports, { models }: PullAnswer, comment: WrittenComment): Promise<Outcome | undefined> {
  const kept = new EvidenceReader(ports.evidence);
  for (const { change, answer } of models) {
    if (answer.kind !== "verdict" || answer.verdict.accepted === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- nearly always one
    const acceptance = await kept.acceptance(change.name, answer.evidence);
    if (acceptance?.by !== comment.author || acceptance.at !== comment.at.toISOString()) continue;
    return sayAccepted(change.name, answer.verdict, answer.evidence, acceptance.why, comment);
  }
  return undefined;
}

function sayAccepted(
  model: string,
  { kind: verdict, because }: Verdict,
  evidence: string,
  why: string,
  comment: WrittenComment,
): Outcome {
  return {
    answer: { kind: "accepted", model, verdict, because, evidence, why },
    effect: { kind: "judge", pull: comment.issue },
  };
}

/** Did the report say this when the word was written? */
async function wasSeen(ports: Ports, comment: WrittenComment, evidence: string): Promise<boolean> {
  const reports = (await ports.comments.own(comment.issue)).filter(({ body }) => isReport(body));
  return reports.some(
    ({ body, updatedAt }) =>
      readMarker(body)?.data["evidence"] === evidence && (updatedAt === undefined || updatedAt <= comment.at),
  );
}

function sayNothing({ models }: PullAnswer, model: string | undefined): string {
  if (model !== undefined && !models.some(({ change }) => change.name === model))
    return `this pull request changes no model "${model}"`;
  const said = models
    .filter(({ change }) => model === undefined || change.name === model)
    .map(({ change, answer }) => `${change.name}: ${answer.kind === "verdict" ? answer.verdict.kind : answer.because}`);
  return `only a verdict that is not decided can be accepted; here is ${said.join(", ") || "none"}`;
}
