import type { ForgePart } from "../contract.ts";

/** Every part of the REST API that the forge itself carries; one line a file. */
export const restParts: readonly ForgePart[] = [];
