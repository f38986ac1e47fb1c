import { createOctokit } from "#github/create-octokit.ts";
import { githubPorts } from "#github/github-ports.ts";
import type { Ports } from "#core/ports.ts";
import { ExitError } from "./exit-error.ts";

export type RemoteOptions = { repository: string; api?: string; token?: string };

/** The ports of a repository that a person names: "owner/name" or its address. */
export function openRemote(options: RemoteOptions): { ports: Ports; owner: string; name: string } {
  const { octokit, owner, name } = openService(options);
  return { ports: githubPorts({ octokit, owner, repo: name, writer: { kind: "actions" } }), owner, name };
}

/** The client of the service that a person names a repository of, and the repository's names. */
export function openService(options: RemoteOptions): {
  octokit: ReturnType<typeof createOctokit>;
  owner: string;
  name: string;
} {
  const { owner, name, origin } = parseRepository(options.repository);
  const baseUrl =
    options.api ??
    process.env["GITHUB_API_URL"] ??
    (origin === undefined || origin === "https://github.com" ? "https://api.github.com" : `${origin}/api/v3`);
  const token = options.token ?? process.env["GITHUB_TOKEN"] ?? process.env["GH_TOKEN"];
  return { octokit: createOctokit({ baseUrl, ...(token === undefined ? {} : { token }) }), owner, name };
}

function parseRepository(text: string): { owner: string; name: string; origin: string | undefined } {
  const plain = /^([\w.-]+)\/([\w.-]+)$/.exec(text);
  if (plain?.[1] !== undefined && plain[2] !== undefined) return { owner: plain[1], name: plain[2], origin: undefined };
  try {
    const url = new URL(text);
    const [owner, name] = url.pathname
      .replace(/^\//, "")
      .replace(/\.git$/, "")
      .split("/");
    if (owner !== undefined && name !== undefined && owner !== "" && name !== "")
      return { owner, name, origin: url.origin };
  } catch {
    // said below
  }
  throw new ExitError(
    2,
    `Cannot read "${text}" as a repository: write "owner/name", or its address such as "https://github.com/owner/name"`,
  );
}
