import { coerceText, evaluateTemplate } from "#sandbox/actions/expression/evaluate-template.ts";
import type { Scope } from "#sandbox/actions/expression/evaluate.ts";
import type { Template } from "#sandbox/actions/workflow/template.ts";
import type { Cancellation } from "./cancellation.ts";
import type { ExecutorParts } from "#sandbox/actions/run/executor.ts";

export type GroupClaim =
  | { kind: "held"; held: readonly string[]; release(): void }
  | { kind: "cancelled"; reason: string };

type Claimant = {
  repository: string;
  /** groups that the run holds already, further out */
  held: readonly string[];
  cancellation: Cancellation;
  waiting(): void;
};

/** Waits for the concurrency group of a workflow or job, if it names one. */
export async function claimGroup(
  executor: ExecutorParts,
  template: Template | undefined,
  scope: Scope,
  claimant: Claimant,
): Promise<GroupClaim> {
  const written = evaluateTemplate(template, scope);
  const { cancellation } = claimant;
  if (cancellation.level !== "none") return { kind: "cancelled", reason: cancellation.reason };
  const settings: Record<string, unknown> =
    typeof written === "object" && written !== null ? { ...written } : { group: written ?? "" };
  const name = coerceText(settings["group"]);
  if (name === "") return { kind: "held", held: claimant.held, release() {} };
  const group = `${claimant.repository}:${name}`.toLowerCase();
  if (claimant.held.includes(group)) {
    const reason = `Canceling since a deadlock was detected for concurrency group: '${name}'`;
    cancellation.request("cancel", reason);
    return { kind: "cancelled", reason };
  }
  const cancelInProgress = coerceText(settings["cancel-in-progress"]) === "true";
  const queue = settings["queue"] === "max" ? ("max" as const) : ("single" as const);
  if (queue === "max" && cancelInProgress) {
    throw new Error(`The concurrency group "${name}" cannot have "queue: max" and "cancel-in-progress: true"`);
  }
  const claim = {
    group,
    cancelInProgress,
    queue,
    cancel: (reason: string) => cancellation.request("cancel", reason),
  };
  const deaf = cancellation.listen(() => executor.groups.withdraw(claim));
  const release = await executor.groups.acquire(claim, claimant.waiting);
  deaf();
  return release === undefined
    ? { kind: "cancelled", reason: cancellation.reason }
    : { kind: "held", held: [...claimant.held, group], release };
}
