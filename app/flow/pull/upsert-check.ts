import type { CommitSha } from "#core/names.ts";
import type { Check, CheckState, Ports } from "#core/ports.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import { waitsForAcceptance } from "#core/plan/judge-model.ts";
import type { JudgedModel } from "./reconcile-pull.ts";

/** Makes the check of a commit, or brings the one that is there to what it should say. */
export async function upsertCheck(
  ports: Pick<Ports, "checks">,
  head: CommitSha,
  check: Check,
  known: (Check & { id: number }) | undefined,
): Promise<void> {
  if (known === undefined) await ports.checks.create(head, check.state.kind === "completed" ? check : bare(check));
  else if (!sameCheck(known, check)) await ports.checks.update(known.id, isNew(known, check) ? check : bare(check));
}

/** What a completed check says beside lines cannot be taken back, and would be there twice. */
function isNew(known: Check, check: Check): boolean {
  return known.state.kind === "in_progress" && check.state.kind === "completed";
}

function bare(check: Check): Check {
  const { state, title, summary, externalId } = check;
  return check.annotations === undefined ? check : { state, title, summary, externalId };
}

function sameCheck(a: Check, b: Check): boolean {
  const part = ({ state, title, summary, externalId: id }: Check): string =>
    JSON.stringify([state, title, summary, id]);
  return part(a) === part(b);
}

/** Only an evaluated yes is a success; whatever waits for people is asked of them; all else is a failure (law 4). */
export function stateOfModels(models: readonly Pick<JudgedModel, "answer">[], informational: boolean): CheckState {
  const verdicts = models.map(({ answer }) => (answer.kind === "verdict" ? answer.verdict : undefined));
  if (verdicts.includes(undefined)) return { kind: "in_progress" };
  if (informational) return { kind: "completed", conclusion: "success" };
  const red = verdicts.filter((verdict): verdict is Verdict => verdict !== undefined && !verdict.green);
  if (red.length === 0) return { kind: "completed", conclusion: "success" };
  const conclusion = red.every(({ kind }) => waitsForAcceptance.has(kind)) ? "action_required" : "failure";
  return { kind: "completed", conclusion };
}
