import type { Octokit as RestOctokit } from "@octokit/rest";

/**
 * The service's own clock, as its last answer told it, and this machine's until there is one. Tags and records carry one
 * time whoever writes them, and a machine whose clock is wrong does no harm.
 */
export function serviceClock(octokit: Pick<RestOctokit, "hook">): () => Date {
  let answered: { at: number; said: number } | undefined;
  octokit.hook.after("request", (response) => {
    const said = Date.parse(response.headers.date ?? "");
    if (Number.isFinite(said)) answered = { at: performance.now(), said };
  });
  return () => (answered === undefined ? new Date() : new Date(answered.said + (performance.now() - answered.at)));
}
