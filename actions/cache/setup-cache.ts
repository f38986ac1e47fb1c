import { arch, platform } from "node:os";
import { digestSetup, type SetupFacts } from "#core/plan/digest-setup.ts";
import type { SetupCache } from "#runner/set-up.ts";
import type { Job } from "#actions/job.ts";
import { say, speakForUs } from "#actions/say.ts";
import { localStore } from "./local-store.ts";
import { lookOf } from "./look-of.ts";
import { serviceStore } from "./service-store.ts";

/** Where folders are kept. Keys are whole names; `like` is the beginning of those that will do. */
export type FolderStore = {
  /** Writes what is kept under the key, or else the newest that will do, and answers the key it found. */
  restore(paths: readonly string[], key: string, like: string): Promise<string | undefined>;
  has(paths: readonly string[], key: string): Promise<boolean>;
  save(paths: readonly string[], key: string): Promise<void>;
};

/**
 * Keeps the folders that a set-up fills: restored before it, saved after it if it changed them, before any other command
 * of the team has run on this machine. Whatever goes wrong is said and costs nothing else.
 */
export function createSetupCache(job: Job, facts: SetupFacts): SetupCache & { isKept(): Promise<boolean> } {
  const { like, exact } = digestSetup(facts);
  const name = (key: string): string => `trainyard-setup-1-${platform()}-${arch()}-${key}`;
  const store = openStore(job);
  let found: string | undefined;
  let before: string | undefined;
  let saved = false;
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await speakForUs(work);
    } catch (error) {
      say(`The folders of the set-up could not be ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    isKept: async () => (await store?.has(facts.cache, name(exact)).catch(() => false)) ?? true,
    async restore() {
      if (store === undefined || before !== undefined) return;
      await attempt("restored", async () => {
        found = await store.restore(facts.cache, name(exact), name(`${like}-`));
        say(found === undefined ? "No folders of the set-up are kept yet" : `Restored the folders of "${found}"`);
      });
      before = lookOf(facts.cache);
    },
    async save() {
      if (store === undefined || saved) return;
      saved = true;
      // A state of the files that asks for nothing new is served by what is there.
      if (!mayKeep(job) || found === name(exact) || (found !== undefined && lookOf(facts.cache) === before)) return;
      await attempt("kept", async () => await store.save(facts.cache, name(exact)));
    },
  };
}

/**
 * Only a pull request of this repository keeps folders, where that pull request alone finds them, and a push to the
 * default branch. A run that a comment or a person started on the default branch may train a pull request: what it kept
 * would be the default branch's.
 */
export function mayKeep({ trigger }: Job): boolean {
  return trigger.kind === "push" || (trigger.kind === "pull" && !trigger.fork);
}

/** A folder of the machine where whoever runs it names one, else the service; undefined where there is neither. */
function openStore(job: Job): FolderStore | undefined {
  const folder = process.env["TRAINYARD_CACHE"] ?? "";
  return folder === "" ? serviceStore() : localStore(folder, job);
}
