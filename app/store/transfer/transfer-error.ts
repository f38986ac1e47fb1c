const mends = {
  lost: "push it from where it was added (trainyard data push, or dvc push), or take another version of the pointer",
  full: "make room, and start again: what came goes on from there",
  disk: "see to it that this folder can be written",
  later: "start again: what came goes on from there",
  said: undefined,
};

/** Bytes of data could not be had: one sentence with pointer, object, store and mend. Nothing is half-written. */
export class TransferError extends Error {
  override name = "TransferError";
  constructor(
    wanted: { shown: string; pointer: string; md5?: string | undefined; sha256?: string | undefined },
    store: string | undefined,
    because: string,
    mend: keyof typeof mends,
  ) {
    const object = wanted.md5 === undefined ? `sha256 ${wanted.sha256 ?? "?"}` : `md5 ${wanted.md5}`;
    const where = store === undefined ? "" : ` from ${store}`;
    const what = mends[mend];
    super(
      `Cannot fetch "${wanted.shown}" of the pointer "${wanted.pointer}" (${object})${where}: ${because}${what === undefined ? "" : `; ${what}`}`,
    );
  }
}
