import { canonicalJson, digest } from "#core/canonical.ts";

type Entry = { path: string; mode: string; blob: string };

/** What a set-up can read, as far as what it leaves in the folders that are kept is concerned. */
export type SetupFacts = {
  run: string;
  container: string | undefined;
  cache: readonly string[];
  /** code and parameters: the files that every set-up of the model sees */
  inputs: readonly Entry[];
};

/**
 * Names what a set-up leaves behind by all that it can read. `like` names it without the files: what another state of the
 * same repository left is a good start.
 */
export function digestSetup({ run, container, cache, inputs }: SetupFacts): { like: string; exact: string } {
  const like = digest(canonicalJson({ run, container: container ?? null, cache })).slice(0, 16);
  const files = inputs.map(({ path, mode, blob }) => ({ path, mode, blob }));
  return { like, exact: `${like}-${digest(canonicalJson(files)).slice(0, 32)}` };
}
