import type { Probot } from "probot";

export type AppOctokit = Awaited<ReturnType<Probot["auth"]>>;

type Delivery = {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  delivered_at: string;
  redelivery: boolean;
  status_code: number;
};

/** GitHub keeps what it sent for three days; an hour less, so that nothing vanishes half-way. */
const keptMs = (3 * 24 - 1) * 3_600_000;
/** At most so many at once: GitHub counts requests, and the next sweep goes on. */
const mostAtOnce = 200;

/**
 * Asks GitHub to send webhooks again that did not arrive, oldest first, each once: GitHub itself never does. With
 * `since`, commands that were said after it too, though they arrived: whoever took them may have ended before they were
 * obeyed, and a command is obeyed once. Answers how many.
 */
export async function redeliverLost(
  octokit: AppOctokit,
  asked: Set<string>,
  { now, since }: { now: Date; since?: Date | undefined },
): Promise<number> {
  const sent = new Map<string, Delivery[]>();
  const oldest = now.getTime() - keptMs;
  for await (const { data } of octokit.paginate.iterator("GET /app/hook/deliveries", { per_page: 100 })) {
    for (const delivery of data) sent.set(delivery.guid, [...(sent.get(delivery.guid) ?? []), delivery]);
    if (data.some(({ delivered_at: at }) => Date.parse(at) < oldest)) break;
  }
  const lost = [...sent.values()].flatMap((attempts) => {
    const first = attempts.at(-1);
    if (first === undefined || asked.has(first.guid) || Date.parse(first.delivered_at) < oldest) return [];
    if (attempts.some(({ redelivery }) => redelivery)) return [];
    return hasFailed(attempts) || isCommandSince(first, since) ? [first] : [];
  });
  const chosen = lost.toSorted((a, b) => (a.delivered_at < b.delivered_at ? -1 : 1)).slice(0, mostAtOnce);
  for (const { id, guid } of chosen) {
    asked.add(guid);
    // oxlint-disable-next-line no-await-in-loop -- in the order in which they happened
    await octokit.request("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: id });
  }
  return chosen.length;
}

function hasFailed(attempts: readonly Delivery[]): boolean {
  return attempts.every(({ status_code: code }) => code < 200 || code > 299);
}

function isCommandSince({ event, action, delivered_at: at }: Delivery, since: Date | undefined): boolean {
  return since !== undefined && event === "issue_comment" && action === "created" && Date.parse(at) >= since.getTime();
}
