import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import * as core from "@actions/core";
import * as z from "zod";
import { createOctokit } from "#github/create-octokit.ts";
import { serviceClock } from "#github/service-clock.ts";
import { githubRuns, type Runs } from "#github/github-runs.ts";
import type { ObjectStore } from "#core/object-store.ts";
import { githubObjects } from "#github/objects/github-objects.ts";
import { githubPorts } from "#github/github-ports.ts";
import type { Ports } from "#core/ports.ts";
import { readJson } from "./read-json.ts";
import { readTrigger, type Trigger } from "./trigger.ts";

/** Where a step runs: the repository, the event, the run, and the ports of the service. */
export type Job = {
  ports: Ports;
  runs: Runs;
  trigger: Trigger;
  owner: string;
  repository: string;
  run: number;
  attempt: number;
  /** we started this run once more, so that it says its verdict anew */
  saysAgain: boolean;
  /** of this job; empty where the step was given none */
  token: string;
  cloneUrl: string;
  /** the assets of its releases, as a store of data */
  releaseObjects(): ObjectStore;
  /** nobody reads the repository but who was let in; not known is a no */
  isPrivate: boolean;
  /** a fresh folder, removed with the runner's temporary files */
  folder: string;
};

const privateSchema = z.object({ repository: z.object({ private: z.literal(true) }) });

/** Gathers what every action of ours needs from its environment. Throws a sentence where something is missing. */
export async function openJob(): Promise<Job> {
  const token = core.getInput("token");
  const [owner, repository] = variable("GITHUB_REPOSITORY").split("/");
  if (owner === undefined || repository === undefined) throw new Error('GITHUB_REPOSITORY is not "owner/name"');
  const apiUrl = process.env["GITHUB_API_URL"] ?? "https://api.github.com";
  const payload = readEvent(variable("GITHUB_EVENT_PATH"));
  const run = Number(variable("GITHUB_RUN_ID"));
  if (!Number.isSafeInteger(run)) throw new Error("GITHUB_RUN_ID is no number");
  const octokit = createOctokit({ token, baseUrl: apiUrl });
  const ports = githubPorts({
    octokit,
    owner,
    repo: repository,
    writer: { kind: "actions" },
    now: serviceClock(octokit),
  });
  const attempt = Number(process.env["GITHUB_RUN_ATTEMPT"] ?? "1");
  return {
    ports,
    runs: githubRuns({ octokit, owner, repo: repository }),
    trigger: readTrigger(variable("GITHUB_EVENT_NAME"), payload),
    owner,
    repository,
    run,
    attempt,
    saysAgain: attempt > 1 && process.env["GITHUB_TRIGGERING_ACTOR"] === "github-actions[bot]",
    token,
    releaseObjects: () => githubObjects({ octokit, owner, repo: repository }),
    isPrivate: privateSchema.safeParse(payload).success,
    cloneUrl: cloneUrl(apiUrl, owner, repository),
    folder: await mkdtemp(join(process.env["RUNNER_TEMP"] ?? tmpdir(), "trainyard-")),
  };
}

/** The webhook that started this run. Whoever opened the pull request wrote most of it. */
function readEvent(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(`Cannot read the event of this run: there is no file "${path}" (GITHUB_EVENT_PATH)`, { cause });
  }
  return readJson(text, z.unknown(), "the event of this run (GITHUB_EVENT_PATH)");
}

/** On github.com the API has a host of its own; elsewhere repositories are served beside it. */
function cloneUrl(apiUrl: string, owner: string, repository: string): string {
  const server = process.env["GITHUB_SERVER_URL"] ?? "https://github.com";
  const api = new URL(apiUrl);
  const base = api.hostname === "api.github.com" || api.hostname.startsWith("api.") ? server : api.origin;
  return `${base}/${owner}/${repository}.git`;
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new Error(`Cannot run outside of a workflow: the variable ${name} is not set`);
  return value;
}
