import type { RecordedRequest } from "#sandbox/forge/contract.ts";

/** Requests to the API in the names of its operations. `app` is the Probot app, `jobs` the workflow's own token. */
export type Requests = Readonly<Record<"app" | "jobs", Asked>>;

export type Asked = {
  /** all of them, reads of objects included */
  count: number;
  /** all of them, in order */
  lines: readonly string[];
  /** how often what moves was read; objects are read once, in an order that depends on how fast the test merge was made */
  reads: Readonly<Record<string, number>>;
  /** in order */
  writes: readonly string[];
};

const object = /^(?:GET (?:\/git\/(?:commits|trees|blobs|tags)\/\{|\/compare\/)|POST \/graphql$)/;

/** Sorts what the forge recorded by who asked: people are left out. */
export function readRequests(recorded: readonly RecordedRequest[]): Requests {
  const of = (actor: string): Asked => {
    const asked = recorded.filter((request) => request.actor === actor);
    const lines = asked.map(describe);
    return {
      count: asked.length,
      lines,
      reads: count(lines.filter((line) => line.startsWith("GET ") && !object.test(line))),
      writes: asked.filter(({ write }) => write).map(describe),
    };
  };
  return { app: of("trainyard[bot]"), jobs: of("github-actions[bot]") };
}

const describe = ({ operation, method, path }: RecordedRequest): string =>
  (operation ?? `${method} ${path}`).replace("/repos/{owner}/{repo}", "");

function count(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}
