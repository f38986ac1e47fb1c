import { renderUnjudged } from "#core/message/render-check.ts";
import type { CommitSha } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";

/**
 * Concludes the check of a head that could not be judged, so that nobody waits for it for ever: what is there already
 * and is no longer in progress stays, as it says more.
 */
export async function sayUnjudged(ports: Pick<Ports, "checks">, head: CommitSha, because: string): Promise<void> {
  const known = await ports.checks.find(head);
  if (known?.state.kind === "completed") return;
  const state = { kind: "completed", conclusion: "failure" } as const;
  const check = { state, externalId: "", ...renderUnjudged(because) };
  if (known === undefined) await ports.checks.create(head, check);
  else await ports.checks.update(known.id, check);
}

/** The same for the head of an open pull request. */
export async function sayPullUnjudged(
  ports: Pick<Ports, "checks" | "pulls">,
  number: number,
  because: string,
): Promise<void> {
  const { state, head } = await ports.pulls.get(number);
  if (state === "open") await sayUnjudged(ports, head.sha, because);
}
