/** A model that should be served. `bytes` fetches it: they are believed only if they hash to `sha256`. */
export type ServedModel = { name: string; version: string; sha256: string; bytes: () => Promise<Uint8Array> };

/** Says what should be served now: `undefined` if nothing should. Asked every few seconds, so it must be cheap. */
export type ModelSource = { current(): Promise<ServedModel | undefined> };

/** What happened, as plain data; `message` says it to people. */
export type ServeEvent =
  | { kind: "serving"; name: string; version: string; sha256: string; message: string }
  | { kind: "refused"; name: string; version: string; sha256: string; message: string }
  | { kind: "gone"; message: string }
  | { kind: "unreachable"; message: string };
