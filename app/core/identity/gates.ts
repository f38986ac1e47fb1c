import { canonicalJson, digest } from "#core/canonical.ts";
import type { Gate } from "#core/config/config.ts";
import type { Sha256 } from "#core/names.ts";
import { compareBytes } from "./byte-order.ts";

/** The identity of a set of gates, as in docs/identity.md. Their order does not count. */
export function digestGates(gates: readonly Gate[]): Sha256 {
  const written = gates.map((gate) => canonicalJson({ ...gate })).sort(compareBytes);
  return digest(`{"gates":[${written.join(",")}],"schema":"trainyard/gates/1"}`);
}
