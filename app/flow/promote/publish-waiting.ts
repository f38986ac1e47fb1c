import type { Issue, Ports } from "#core/ports.ts";
import { readWaitingMarker, renderWaiting } from "#core/message/render-waiting.ts";
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
  const waiting = observed.models.filter(({ decision }) => decision.kind === "wait");
  const issues = await ports.issues.own(issueLabel);
  const open = new Map<string, Issue>();
  for (const issue of issues) {
    const model = readWaitingMarker(issue.body);
    if (model === undefined || issue.state !== "open") continue;
    if (open.has(model)) await ports.issues.update(issue.number, { state: "closed" });
    else open.set(model, issue);
  }
  for (const { change, facts, decision } of waiting) {
    if (decision.kind !== "wait") continue;
    const { title, body } = renderWaiting({
      model: change.name,
      head: observed.head,
      artifact: decision.artifact,
      verdict: decision.verdict,
      comparison: decision.comparison,
      production: facts.production?.standing.version,
      because: decision.because,
    });
    const known = open.get(change.name);
    open.delete(change.name);
    const issue = known ?? (await ports.issues.create({ title, body, labels: [issueLabel] }));
    numbers.set(change.name, issue.number);
    if (issue.title !== title || issue.body !== body) await ports.issues.update(issue.number, { title, body });
  }
  for (const issue of open.values()) await ports.issues.update(issue.number, { state: "closed" });
  return numbers;
}
