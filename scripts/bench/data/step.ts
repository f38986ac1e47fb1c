import type { Pair } from "./generate.ts";

/**
 * One thing whose CPU time is measured, in a process of its own. What `prepare` does is not part of it: it runs in
 * another process, first.
 */
export type DataStep = {
  name: string;
  /** the step of the same part that this one is compared with; undefined: this is a yardstick */
  yardstick?: string;
  /** at most so many times the yardstick's CPU, and so much memory: more is a problem, and said */
  most?: { ratio?: number; mib?: number };
  prepare?: (pair: Pair) => Promise<unknown>;
  /** answers what is to be shown beside the figures, such as the size of a file */
  run: (pair: Pair) => Promise<Readonly<Record<string, number | string>> | void>;
};

/** The parts, each a file beside this one that exports its steps in the order in which they run. */
export const dataParts: Readonly<Record<string, () => Promise<readonly DataStep[]>>> = {
  diff: async () => (await import("./diff.ts")).benchDiff(),
  expectations: async () => (await import("./expectations.ts")).benchExpectations(),
  profile: async () => (await import("./profile.ts")).benchProfile(),
  drift: async () => (await import("./drift.ts")).benchDrift(),
};

export async function findStep(part: string, name: string): Promise<DataStep> {
  const step = (await dataParts[part]?.())?.find((one) => one.name === name);
  if (step === undefined) throw new RangeError(`There is no step "${name}" of "${part}"`);
  return step;
}
