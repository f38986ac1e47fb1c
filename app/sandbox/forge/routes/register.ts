import type { ForgeInside } from "../inside.ts";

/** Every part of the REST API that the forge itself carries; one line a file. A `ForgePart` fits. */
export const restParts: readonly ((forge: ForgeInside) => void)[] = [];
