import { digest } from "#core/canonical.ts";
import type { Sha256 } from "#core/names.ts";
import { sortEntries } from "./byte-order.ts";
import { listFiles, writeObject } from "./canonical-files.ts";
import { containerDigest } from "./container-digest.ts";
import type { TreeEntry } from "./tree.ts";

/**
 * The identity of a baseline, as in docs/identity.md: its command, what that runs under (set-up and container), and the
 * code it names in the base tree.
 */
export function computeBaseline(
  run: string,
  setup: { run?: string | undefined; container?: string | undefined } | undefined,
  code: readonly TreeEntry[],
): Sha256 {
  const files = listFiles(sortEntries(code));
  const container = setup?.container === undefined ? {} : { container: containerDigest(setup.container) };
  const text = writeObject({
    code: files,
    ...container,
    run,
    schema: "trainyard/baseline/1",
    setup: setup?.run ?? null,
  });
  return digest(text);
}
