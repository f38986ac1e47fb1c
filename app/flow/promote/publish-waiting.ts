import type { Issue, Ports } from "#core/ports.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import { readWaitingMarker, renderWaitedOver, renderWaiting, type Waiting } from "#core/message/render-waiting.ts";
import type { ObservedDefault } from "#flow/observe/observe-default.ts";

export const issueLabel = "trainyard";

/**
 * One issue for each model that waits for `/promote`: made, edited in place, closed when nothing waits any more. Answers
 * the number of each model's.
 */
export async function publishWaiting(
  ports: Pick<Ports, "issues">,
  observed: ObservedDefault,
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  const issues = await ports.issues.own(issueLabel);
  const open = new Map<string, Issue>();
  for (const issue of issues) {
    const model = readWaitingMarker(issue.body);
    if (model === undefined || issue.state !== "open") continue;
    if (open.has(model)) await ports.issues.update(issue.number, { state: "closed" });
    else open.set(model, issue);
  }
  for (const waits of findWaiting(observed)) {
    const { title, body } = renderWaiting(waits);
    const known = open.get(waits.model);
    open.delete(waits.model);
    const issue = known ?? (await ports.issues.create({ title, body, labels: [issueLabel] }));
    numbers.set(waits.model, issue.number);
    if (issue.title !== title || issue.body !== body) await ports.issues.update(issue.number, { title, body });
  }
  for (const [model, issue] of open) {
    const production = observed.models.find(({ change }) => change.name === model)?.facts.production?.standing.version;
    await ports.issues.update(issue.number, { ...renderWaitedOver(model, production), state: "closed" });
  }
  return numbers;
}

function findWaiting({ head, models, retired }: ObservedDefault): readonly Waiting[] {
  const asked = models.flatMap(({ change, facts, decision }): Waiting[] => {
    if (decision.kind !== "wait") return [];
    const { subject, verdict, comparison, because } = decision;
    const production = facts.production?.standing.version;
    return [{ model: change.name, head, subject, verdict, comparison, production, because }];
  });
  const gone = retired.flatMap(({ name: model, subject, standings, decision }): Waiting[] => {
    if (decision.kind !== "wait") return [];
    const { because } = decision;
    const verdict: Verdict = { kind: "retired", green: false, because, gates: [] };
    return [{ model, head, subject, verdict, comparison: undefined, production: standings.at(-1)?.version, because }];
  });
  return [...asked, ...gone];
}
