/** names that people know by another writing */
const known: ReadonlyMap<string, string> = new Map([
  ["auc", "AUC"],
  ["log_loss", "log loss"],
  ["accuracy", "accuracy"],
  ["precision", "precision"],
  ["recall", "recall"],
  ["ndcg", "nDCG"],
  ["hit_rate", "hit rate"],
]);

/** "nDCG@10": a built-in metric as people write it; undefined for any other, which is shown as its team wrote it. */
export function findTitle(name: string): string | undefined {
  const [, base = "", count] = /^([a-z_]+)(?:@(\d{1,9}))?$/.exec(name) ?? [];
  const title = known.get(base);
  return title === undefined || count === undefined ? title : `${title}@${count}`;
}

/** A metric in a plain sentence: nDCG@10, "lost_revenue". */
export function titleOf(name: string): string {
  return findTitle(name) ?? `"${name}"`;
}
