import { randomUUID } from "node:crypto";
import * as core from "@actions/core";

/**
 * One line of the log. Whatever people or their commands have written into it, the runner finds no workflow command in
 * it: neither `::name::` at its beginning nor the older `##[name]` anywhere.
 */
export function say(text: string): void {
  core.info(
    text
      .replaceAll(/[\r\n]+/g, " ")
      .replaceAll("##[", "## [")
      .replace(/^(\s*):(?=:)/, "$1: "),
  );
}

/**
 * Does something during which the team's commands run, and has the runner obey no workflow command until it is done: a
 * process that finds the log by itself is not obeyed either.
 */
export async function quoteOutput<T>(work: () => Promise<T>): Promise<T> {
  const token = randomUUID();
  core.info(`::stop-commands::${token}`);
  try {
    return await work();
  } finally {
    core.info(`::${token}::`);
  }
}
