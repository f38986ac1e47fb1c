/** An answer that is no 200: what the client did wrong (4xx), or what went wrong here (5xx), as a sentence. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
