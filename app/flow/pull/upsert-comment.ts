import type { Comments } from "#core/ports.ts";

/**
 * Keeps one comment of ours: edits it where it differs, makes it where it is missing, and after making it looks again,
 * as two of us may have made one at once: the oldest wins, the others go. `body` undefined: makes none, and turns one
 * that is there into what `otherwise` says.
 */
export async function upsertComment(
  comments: Comments,
  issue: number,
  isOurs: (body: string) => boolean,
  body: string | undefined,
  otherwise?: (own: string) => string,
): Promise<void> {
  const own = (await comments.own(issue)).filter((comment) => isOurs(comment.body)).toSorted((a, b) => a.id - b.id);
  const first = own[0];
  if (first === undefined) {
    if (body === undefined) return;
    await comments.create(issue, body);
    await fold(comments, issue, isOurs);
    return;
  }
  const wanted = body ?? otherwise?.(first.body);
  if (wanted !== undefined && wanted !== first.body) await comments.update(first.id, wanted);
  for (const { id } of own.slice(1)) {
    // oxlint-disable-next-line no-await-in-loop -- nearly never any
    await comments.remove(id);
  }
}

async function fold(comments: Comments, issue: number, isOurs: (body: string) => boolean): Promise<void> {
  const own = (await comments.own(issue)).filter((comment) => isOurs(comment.body)).toSorted((a, b) => a.id - b.id);
  for (const { id } of own.slice(1)) {
    // oxlint-disable-next-line no-await-in-loop -- nearly never any
    await comments.remove(id);
  }
}
