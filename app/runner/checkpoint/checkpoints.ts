import type { RunRecord } from "#core/evidence.ts";
import type { Snapshot } from "./take-snapshot.ts";

export type Resumed = NonNullable<RunRecord["resumedFrom"]>;

/** Where checkpoints are carried to, and come from. Whoever gives one says what may be gone on from. */
export type Checkpoints = {
  /** Writes the newest whole checkpoint into the (existing, empty) folder, and says which it is; undefined: there is none. */
  restore(folder: string): Promise<Resumed | undefined>;
  /** Carries a checkpoint away. It may throw: a training is not lost for that. */
  keep(snapshot: Snapshot): Promise<void>;
};
