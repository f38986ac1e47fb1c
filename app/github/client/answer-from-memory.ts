import type { Octokit } from "@octokit/rest";

type Answer = Awaited<ReturnType<Octokit["request"]>>;

/** Objects never change and are large: the adapters keep those themselves. */
const immutable = /\/git\/(?:trees|blobs|commits|tags)\//;

/**
 * Makes a client ask GitHub for the same thing again by its ETag: an answer 304 costs nothing of the limit, and what was
 * answered before still holds. Remembers the last `size` answers that have one.
 */
export function answerFromMemory(octokit: Octokit, size: number): void {
  const remembered = new Map<string, { etag: string; answer: Answer }>();
  octokit.hook.wrap("request", async (request, options) => {
    const streamed = options.request["parseSuccessResponseBody"] === false;
    if (options.method !== "GET" || streamed || immutable.test(options.url)) return request(options);
    const key = keyOf(options);
    const known = remembered.get(key);
    if (known !== undefined) options.headers["if-none-match"] = known.etag;
    try {
      const answer = await request(options);
      const { etag } = answer.headers;
      remembered.delete(key);
      // the caller may change what it gets
      if (etag !== undefined) remembered.set(key, { etag, answer: structuredClone(answer) });
      const oldest = remembered.keys().next();
      if (remembered.size > size && oldest.done !== true) remembered.delete(oldest.value);
      return answer;
    } catch (error) {
      if (known !== undefined && error instanceof Error && "status" in error && error.status === 304)
        return structuredClone(known.answer);
      throw error;
    }
  });
}

function keyOf({
  request: _request,
  headers,
  ...parameters
}: {
  request: unknown;
  headers: { accept?: string | undefined };
}): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([headers.accept, sorted]);
}
