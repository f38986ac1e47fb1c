import type { Context } from "probot";
import { githubPorts } from "#github/github-ports.ts";
import { serviceClock } from "#github/service-clock.ts";
import type { Ports } from "#core/ports.ts";
import { readWriter } from "#flow/observe/read-writer.ts";

export const appSlug = process.env["TRAINYARD_APP_SLUG"] ?? "trainyard";

type Repository = { name: string; owner: { login: string } };

/** The ports of one repository, in the app's name. The payload gives nothing but the repository. */
export function appPorts(octokit: Context["octokit"], repository: Repository): Ports {
  return githubPorts({
    octokit,
    owner: repository.owner.login,
    repo: repository.name,
    writer: { kind: "app", slug: appSlug },
    now: serviceClock(octokit),
  });
}

/** Does this repository want the app to write? Its default branch says so. */
export async function isWriter(ports: Pick<Ports, "repository">): Promise<boolean> {
  return (await readWriter(ports)) === "app";
}
