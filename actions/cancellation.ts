let signal: AbortSignal | undefined;

/**
 * Fires when the runner asks this job to end: it sends SIGINT, SIGTERM 7.5 s later, and then kills. The first one lets
 * the job end the team's commands and say what became of them; the next one ends it as it stands.
 */
export function whenCancelled(): AbortSignal {
  if (signal !== undefined) return signal;
  const controller = new AbortController();
  const end = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  return (signal = controller.signal);
}
