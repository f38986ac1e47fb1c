import type { Command } from "commander";

/** What a command needs to know where the store is the assets of releases. */
export function withRepository(command: Command): Command {
  return command
    .option("--repository <owner/name>", "whose releases are the store (default: that of the remote origin)")
    .option("--api <url>", "the service's API (default: github.com's, or beside the repository's address)")
    .option("--token <token>", "for releases; better in GITHUB_TOKEN");
}
