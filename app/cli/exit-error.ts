/** Ends the command with an exit code: 1 the verdict is no, 2 no verdict could be reached. `said`: nothing is left to print. */
export class ExitError extends Error {
  readonly code: 1 | 2;
  readonly said: boolean;
  constructor(code: 1 | 2, message: string, options: { said?: boolean } = {}) {
    super(message);
    this.name = "ExitError";
    this.code = code;
    this.said = options.said ?? false;
  }
}

/** One sentence for people. With DEBUG set, where it happened too. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env["DEBUG"] !== undefined && error.stack !== undefined) return error.stack;
  const cause =
    error.cause instanceof Error && !error.message.includes(error.cause.message) ? ` (${error.cause.message})` : "";
  return `${error.message}${cause}`;
}
