import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { answerFromMemory } from "./client/answer-from-memory.ts";

const PacedOctokit = Octokit.plugin(throttling, retry);

export type OctokitOptions = {
  token?: string | undefined;
  /** such as https://github.example.com/api/v3; by default github.com's */
  baseUrl?: string | undefined;
  /** one write a second, as GitHub asks; by default unless the server is on this machine */
  paced?: boolean | undefined;
  /** where warnings go, such as those about limits */
  warn?: ((message: string) => void) | undefined;
};

const githubApi = "https://api.github.com";
const requestTimeoutMs = 60_000;
const uploadTimeoutMs = 30 * 60_000;
const longestWaitS = 15 * 60;

/**
 * A client with GitHub's limits in it: it paces writes, waits out limits of up to a quarter of an hour, repeats what
 * failed on the server's side, gives up on answers that never come, and asks "anything new?" where it has asked before.
 */
export function createOctokit(options: OctokitOptions = {}): Octokit {
  const baseUrl = (options.baseUrl ?? githubApi).replace(/\/+$/, "");
  const paced = options.paced ?? !isThisMachine(baseUrl);
  const warn = options.warn ?? (() => undefined);
  const wait = (retryAfterS: number, request: { method: string; url: string }, retryCount: number): boolean => {
    const waits = retryCount < 3 && retryAfterS <= longestWaitS;
    warn(`GitHub limits ${request.method} ${request.url}: ${waits ? `waiting ${retryAfterS} s` : "giving up"}`);
    return waits;
  };
  const octokit = new PacedOctokit({
    ...(options.token === undefined ? {} : { auth: options.token }),
    baseUrl,
    userAgent: "trainyard",
    log: { debug: () => undefined, info: () => undefined, warn, error: () => undefined },
    request: { fetch: fetchInTime },
    throttle: {
      enabled: paced,
      onRateLimit: (retryAfter, request, _octokit, retryCount) => wait(retryAfter, request, retryCount),
      onSecondaryRateLimit: (retryAfter, request, _octokit, retryCount) => wait(retryAfter, request, retryCount),
    },
    // a server on this machine has recovered in a moment, or it has not
    retry: { retryAfterBaseValue: paced ? 1_000 : 20 },
  });
  octokit.hook.before("request", (request) => {
    request.headers["x-github-api-version"] = "2022-11-28";
  });
  answerFromMemory(octokit, 200);
  return octokit;
}

async function fetchInTime(url: string, init: RequestInit): Promise<Response> {
  const timeoutMs = init.body instanceof Blob ? uploadTimeoutMs : requestTimeoutMs;
  const { signal } = init;
  // a body that is read as a stream must outlive the answer's head
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs);
  timer.unref();
  try {
    return await fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, waiting.signal]) : waiting.signal });
  } finally {
    clearTimeout(timer);
  }
}

function isThisMachine(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
