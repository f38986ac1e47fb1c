import type { Context } from "probot";
import { githubPorts } from "#github/github-ports.ts";
import { serviceClock } from "#github/service-clock.ts";
import type { Ports } from "#core/ports.ts";
import { configPath } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";

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

/** Does this repository want the app to write? Its default branch says so; a config that cannot be read says no. */
export async function isWriter(ports: Pick<Ports, "repository">): Promise<boolean> {
  const { head } = await ports.repository.defaultBranch();
  const entry = (await ports.repository.tree(head)).get(configPath);
  if (entry === undefined) return false;
  const parsed = parseConfig(await ports.repository.blob(entry.blob));
  // A broken config on the default branch must not silence the app that could say so: the word itself is enough.
  if (parsed.kind === "problems") return /^writer:\s*["']?app\b/m.test(new TextDecoder().decode(await ports.repository.blob(entry.blob)));
  return parsed.config.writer === "app";
}
