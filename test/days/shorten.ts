/** Takes out of a list what is not needed for it to stay `bad`, larger pieces first (delta debugging). */
export async function shorten<T>(
  list: readonly T[],
  bad: (shorter: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = list;
  for (let size = Math.ceil(list.length / 2); size >= 1;) {
    let shorter: readonly T[] | undefined;
    for (let from = 0; from < kept.length && shorter === undefined; from += size) {
      const rest = [...kept.slice(0, from), ...kept.slice(from + size)];
      // oxlint-disable-next-line no-await-in-loop -- each try builds on the one before
      if (await bad(rest)) shorter = rest;
    }
    if (shorter !== undefined) kept = shorter;
    else size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return kept;
}
