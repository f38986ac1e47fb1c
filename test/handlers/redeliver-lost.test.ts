import { ProbotOctokit } from "probot";
import { expect, it } from "vitest";
import { redeliverLost } from "#handlers/work/redeliver-lost.ts";
import { scriptedGithub } from "../contract/fixture/scripted-github.ts";

const now = new Date("2026-05-10T12:00:00Z");
const hours = (count: number): string => new Date(now.getTime() - count * 3_600_000).toISOString();

type Sent = Partial<{ status: number; again: boolean; event: string; action: string | null }>;
const delivery = (id: number, guid: string, ago: number, sent: Sent = {}) => ({
  id,
  guid,
  event: sent.event ?? "push",
  action: sent.action ?? null,
  delivered_at: hours(ago),
  redelivery: sent.again ?? false,
  status_code: sent.status ?? 502,
});
const comment = { event: "issue_comment", action: "created", status: 202 };

/** As GitHub lists them, newest first. */
const log = [
  delivery(12, "fine", 0.1, { status: 202 }),
  delivery(11, "said-now", 0.2, comment),
  delivery(10, "edited-now", 0.2, { ...comment, action: "edited" }),
  delivery(9, "lost-now", 0.5),
  delivery(8, "mended", 0.6, { status: 202, again: true }),
  delivery(7, "asked-before", 0.7, { again: true }),
  delivery(6, "mended", 0.8),
  delivery(5, "asked-before", 0.9),
  delivery(4, "said-before", 2, comment),
  delivery(3, "refused", 3, { status: 401 }),
  delivery(2, "lost-early", 70, { status: 0 }),
  delivery(1, "too-old", 72),
];

it("redeliverLost() asks once for what never arrived, oldest first, and for commands that may have been lost", async () => {
  const attempt = (id: number): string => `POST /app/hook/deliveries/${id}/attempts`;
  const accepted = Object.fromEntries(log.map(({ id }) => [attempt(id), { status: 202, body: {} }]));
  await using server = await scriptedGithub({ "GET /app/hook/deliveries": { body: log }, ...accepted });
  const octokit = new ProbotOctokit({ baseUrl: server.url, throttle: { enabled: false } });
  const asked = new Set<string>();
  expect(await redeliverLost(octokit, asked, { now, since: new Date(hours(1)) })).toBe(4);
  expect(server.calls().filter((call) => call.startsWith("POST"))).toEqual([2, 3, 9, 11].map(attempt));
  expect(await redeliverLost(octokit, asked, { now })).toBe(0);
});
