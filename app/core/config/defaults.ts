/** What holds where the config says nothing. docs/configuration.md lists the same. */
export const defaults = {
  writer: "actions",
  runsOn: "ubuntu-latest",
  when: "push",
  trainTimeoutMs: 6 * 3_600_000,
  predictTimeoutMs: 3_600_000,
  checkpointEveryMs: 15 * 60_000,
  threshold: 0.5,
  at: 10,
  stages: ["production"],
  combinations: "wait",
  bump: "minor",
  schedule: "daily",
  alarm: { after: 2, of: 5 },
  notNowMs: 4 * 604_800_000,
  metrics: { binary: ["auc", "log_loss"], ranking: ["ndcg", "hit_rate"] },
} as const;
