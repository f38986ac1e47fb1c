import type { Command } from "commander";
import { ExitError } from "./exit-error.ts";

/** `trainyard runs`: what was trained, with which result. */
export function addRuns(program: Command): void {
  program
    .command("runs")
    .description("list, show and compare what was trained")
    .action(() => {
      throw new ExitError(2, "Cannot list runs yet: this command is being built");
    });
}
