import type { RecordedRequest } from "#sandbox/forge/contract.ts";

/** Requests to the API in the names of its operations. `app` is the Probot app, `jobs` the workflow's own token. */
export type Requests = Readonly<Record<"app" | "jobs", { reads: number; writes: number; lines: readonly string[] }>>;

/** Sorts what the forge recorded by who asked: people are left out. */
export function readRequests(recorded: readonly RecordedRequest[]): Requests {
  const of = (actor: string): Requests["app"] => {
    const asked = recorded.filter((request) => request.actor === actor);
    const writes = asked.filter(({ write }) => write);
    return { reads: asked.length - writes.length, writes: writes.length, lines: asked.map(describe) };
  };
  return { app: of("trainyard[bot]"), jobs: of("github-actions[bot]") };
}

const describe = ({ operation, method, path }: RecordedRequest): string =>
  (operation ?? `${method} ${path}`).replace("/repos/{owner}/{repo}", "");
