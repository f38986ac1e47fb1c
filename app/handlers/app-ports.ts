import type { Context } from "probot";
import { createMemory, type ObjectMemory } from "#github/client/object-memory.ts";
import { githubPorts } from "#github/github-ports.ts";
import { serviceClock } from "#github/service-clock.ts";
import type { Ports } from "#core/ports.ts";
import { readWriter } from "#flow/observe/read-writer.ts";
import { atOneMoment } from "./one-moment.ts";

export const appSlug = process.env["TRAINYARD_APP_SLUG"] ?? "trainyard";

type Repository = { name: string; owner: { login: string }; default_branch?: string };

/** Ports of one repository for one piece of work, in the app's name. The payload gives nothing but the repository. */
export type OpenPorts = (octokit: Context["octokit"], repository: Repository) => Ports;

/** Objects are the same for ever: whoever asks for one first has asked for all events to come. */
export function createOpenPorts(): OpenPorts {
  const memory = createMemory();
  return (octokit, repository) => atOneMoment(appPorts(octokit, repository, memory));
}

function appPorts(octokit: Context["octokit"], repository: Repository, memory: ObjectMemory): Ports {
  return githubPorts({
    octokit,
    owner: repository.owner.login,
    repo: repository.name,
    writer: { kind: "app", slug: appSlug },
    now: serviceClock(octokit),
    defaultBranch: repository.default_branch,
    memory,
  });
}

/** Does this repository want the app to write? Its default branch says so. */
export async function isWriter(ports: Pick<Ports, "repository">): Promise<boolean> {
  return (await readWriter(ports)) === "app";
}
