import { StoreError } from "#core/object-store.ts";

/** Waits for work that may fall silent: after `stallMs` it is given up, `stop` is called, and a `StoreError` says so. */
export async function withStall<T>(work: Promise<T>, stallMs: number, store: string, stop: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StoreError("stalled", `${store} sent nothing for ${Math.round(stallMs / 100) / 10} seconds`));
      stop();
    }, stallMs);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
    // what comes after nobody waits for it
    work.catch(() => undefined);
  }
}
