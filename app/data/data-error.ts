export type DataErrorCode =
  | "unreadable"
  | "unsupported"
  | "too-large"
  | "missing-column"
  | "bad-sql"
  | "timed-out"
  | "bad-value";

/** A data file, or SQL on it, is not what was declared. The message is a sentence for the person who can mend it. */
export class DataError extends Error {
  readonly code: DataErrorCode;
  constructor(code: DataErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DataError";
    this.code = code;
  }
}
