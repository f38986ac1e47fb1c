import { mkdir } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { BlobSha, CommitSha } from "#core/names.ts";
import { ServiceError } from "#core/ports.ts";
import { gitIn, type Git } from "./open-git.ts";
import { gitComplaint, runGit, type GitAnswer } from "./process/run-git.ts";

export type FetchOrder = {
  /** an existing empty folder, or one to be made; becomes a bare repository */
  folder: string;
  url: string;
  commits: readonly CommitSha[];
  /** which files are wanted; left out: all that these commits hold */
  blobs?: readonly BlobSha[] | undefined;
  /** reaches git through its environment only: it is in no argument and on no disk */
  token?: string | undefined;
  timeoutMs?: number | undefined;
};

/** Fetches commits without their history, and the blobs that are wanted, into a repository that knows no token. */
export async function fetchObjects(order: FetchOrder): Promise<Git> {
  await mkdir(order.folder, { recursive: true });
  await runGit({ folder: order.folder, args: ["init", "--quiet", "--bare", "--", "."] });
  const git = gitIn(order.folder, order.folder, true);
  if (order.commits.length === 0) return git;
  if (order.blobs === undefined) await fetchInto(order, [], order.commits);
  else await fetchOnly(order, order.blobs);
  // from here on a blob that is not there is missing, instead of one request more without a token
  await git.run(["config", "--local", "--remove-section", "remote.origin"], { accept: [128] });
  return git;
}

async function fetchOnly(order: FetchOrder, blobs: readonly BlobSha[]): Promise<void> {
  try {
    await fetchInto(order, ["--filter=blob:none"], [...order.commits, ...new Set(blobs)]);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === "forbidden" || error.code === "unreachable") throw error;
    // a server may refuse to give single blobs by id: then take the commits whole
    await fetchInto(order, ["--no-filter"], order.commits);
  }
}

const fetchCommand = [
  "-c",
  "credential.helper=",
  "-c",
  "fetch.negotiationAlgorithm=noop",
  "fetch",
  "--quiet",
  "--no-tags",
  "--no-write-fetch-head",
  "--recurse-submodules=no",
  "--depth=1",
];

const attempts = 3;

async function fetchInto(order: FetchOrder, options: readonly string[], ids: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await runGit({
      folder: order.folder,
      args: ["-c", `remote.origin.url=${order.url}`, ...fetchCommand, ...options, "--stdin", "origin"],
      input: ids.map((id) => `${id}\n`).join(""),
      env: order.token === undefined ? {} : tokenEnvironment(order.url, order.token),
      accept: [1, 128, 129],
      timeoutMs: order.timeoutMs ?? 30 * 60_000,
    });
    if (answer.code === 0) return;
    const error = explainFetch(order, answer);
    if (error.code !== "unreachable" || attempt === attempts) throw error;
    await wait(attempt * 2_000);
  }
}

/** The token as a header for this server alone, so that no redirect carries it elsewhere. */
function tokenEnvironment(url: string, token: string): Record<string, string> {
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}

function explainFetch(order: FetchOrder, answer: GitAnswer): ServiceError {
  const because = gitComplaint(answer);
  const sentence = `Cannot fetch ${order.commits.length} commits from "${order.url}": ${because}`;
  if (
    /Authentication failed|could not read Username|returned error: 40[13]|Repository not found/i.test(answer.stderr)
  ) {
    return new ServiceError(
      "forbidden",
      `${sentence}; the token must be allowed to read the repository (permission "contents: read")`,
    );
  }
  // what it prints for an option that it does not know
  if (answer.code === 129) return new ServiceError("broken", `${sentence}; git 2.36 or newer is needed`);
  if (
    /Could not resolve host|Connection refused|Failed to connect|timed out|returned error: 5\d\d|ended by SIG/i.test(
      answer.stderr,
    )
  ) {
    return new ServiceError("unreachable", sentence);
  }
  return new ServiceError(/not our ref|no such remote ref/i.test(answer.stderr) ? "not-found" : "refused", sentence);
}
