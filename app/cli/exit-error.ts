import { saySystemError } from "./say-system-error.ts";

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
  const system = saySystemError(error);
  if (system !== undefined) return system;
  // Sentences of ours say the reason themselves.
  const { message, cause } = error;
  if (message.startsWith("Cannot ") || !(cause instanceof Error) || message.includes(cause.message)) return message;
  return `${message} (${cause.message})`;
}
