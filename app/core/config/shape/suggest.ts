/** The one of the candidates that was probably meant: few letters off, or undefined. Ties go to the first. */
export function suggest(written: string, candidates: readonly string[]): string | undefined {
  const plain = simplify(written);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    if (candidate === written) continue;
    const distance = countEdits(plain, simplify(candidate));
    const allowed = Math.floor(Math.max(plain.length, candidate.length) / 3);
    if (distance > Math.min(3, Math.max(1, allowed)) || candidate.length < 2) continue;
    if (best === undefined || distance < best.distance) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `runs_on`, `runsOn` and `runs-on` are the same to a reader. */
function simplify(text: string): string {
  return text.slice(0, 100).toLowerCase().replaceAll(/[-_ ]/g, "");
}

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function countEdits(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      now.push(cost);
    }
    [before, last] = [last, now];
  }
  return last[b.length] ?? 0;
}
