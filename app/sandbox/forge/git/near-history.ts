import type { CommitObject } from "./objects.ts";

/** What a process of git costs thousands of commits read from memory: short histories are walked here. */
const most = 1000;

type Read = (sha: string) => Promise<CommitObject | undefined>;

/** A commit and all before it; undefined where there are too many. */
async function history(read: Read, tip: string): Promise<Map<string, readonly string[]> | undefined> {
  const seen = new Map<string, readonly string[]>();
  const waiting = [tip];
  for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
    if (seen.has(sha)) continue;
    if (seen.size >= most) return undefined;
    // oxlint-disable-next-line no-await-in-loop -- each commit names the next
    const parents = (await read(sha))?.parents ?? [];
    seen.set(sha, parents);
    waiting.push(...parents);
  }
  return seen;
}

/** The one best common ancestor; undefined where there is none, more than one, or too long a history to tell. */
export async function nearMergeBase(read: Read, a: string, b: string): Promise<string | undefined> {
  const left = await history(read, a);
  if (left?.has(b) === true) return b;
  const right = left === undefined ? undefined : await history(read, b);
  if (left === undefined || right === undefined) return undefined;
  if (right.has(a)) return a;
  const common = [...left.keys()].filter((sha) => right.has(sha));
  // what both have is closed under ancestors: whoever has a child in it is not the best
  const below = new Set(common.flatMap((sha) => left.get(sha) ?? []));
  const best = common.filter((sha) => !below.has(sha));
  return best.length === 1 ? best[0] : undefined;
}

/** The commits after `from` up to `to`, oldest first, if they lie on one line without merges. */
export async function straightRange(read: Read, from: string, to: string): Promise<readonly string[] | undefined> {
  const without = await history(read, from);
  if (without === undefined) return undefined;
  const range: string[] = [];
  for (let sha: string | undefined = to; sha !== undefined && !without.has(sha);) {
    // oxlint-disable-next-line no-await-in-loop -- each commit names the next
    const commit: CommitObject | undefined = await read(sha);
    if (commit === undefined || commit.parents.length > 1 || range.length >= most) return undefined;
    range.unshift(sha);
    sha = commit.parents[0];
  }
  return range;
}
