import type { Command } from "commander";
import { ExitError } from "#cli/exit-error.ts";

/** `trainyard check`: what a pull request of this clone would say. */
export function addCheck(program: Command): void {
  program
    .command("check")
    .description("say what a pull request with everything that lies in this clone would say, offline")
    .action(() => {
      throw new ExitError(2, "Cannot check yet: this command is being built");
    });
}
