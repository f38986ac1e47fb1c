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

let token: string | undefined;

/**
 * Does something during which the team's commands run, and has the runner obey no workflow command until it is done: a
 * process that finds the log by itself is not obeyed either.
 */
export async function quoteOutput<T>(work: () => Promise<T>): Promise<T> {
  stop();
  try {
    return await work();
  } finally {
    resume();
  }
}

/** Does something of our own in between, whose commands are obeyed: an upload masks the address that it is given. */
export async function speakForUs<T>(work: () => Promise<T>): Promise<T> {
  if (token === undefined) return await work();
  resume();
  try {
    return await work();
  } finally {
    stop();
  }
}

function stop(): void {
  token = randomUUID();
  core.info(`::stop-commands::${token}`);
}

function resume(): void {
  if (token !== undefined) core.info(`::${token}::`);
  token = undefined;
}

/**
 * Does something of our own while the team's commands run: what it would say to the runner is not said, as it is not
 * obeyed now, and would only show in the log what it is there to mask.
 */
export async function withoutCommands<T>(work: () => Promise<T>): Promise<T> {
  const { stdout } = process;
  const write = stdout.write;
  const speak = write.bind(stdout);
  stdout.write = (chunk: string | Uint8Array): boolean =>
    typeof chunk === "string" && chunk.startsWith("::") ? true : speak(chunk);
  try {
    return await work();
  } finally {
    stdout.write = write;
  }
}
