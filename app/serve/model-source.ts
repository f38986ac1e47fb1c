export type ModelFile = { path: string; bytes: Uint8Array };

/** A model that should be served. `file` fetches it: its bytes are believed only if they hash to `sha256`. */
export type ServedModel = { name: string; version: string; sha256: string; file: () => Promise<ModelFile> };

/** There is nothing to serve yet; a sentence for people says what was looked for. */
export type NothingYet = { nothing: string };

/** Says what should be served of `model` now. Asked every few seconds, so it must be cheap. */
export type ModelSource = { model: string; current(): Promise<ServedModel | NothingYet> };

/** What happened, as plain data; `message` says it to people. */
export type ServeEvent =
  | { kind: "serving"; name: string; version: string; sha256: string; message: string }
  | { kind: "refused"; name: string; version: string; sha256: string; message: string }
  | { kind: "gone"; message: string }
  | { kind: "unreachable"; message: string };
