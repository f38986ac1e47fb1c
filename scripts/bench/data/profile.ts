import type { Pair } from "./generate.ts";
import type { DataStep } from "./step.ts";

/** The yardstick of everything that reads both sides. */
export const floorStep: DataStep = {
  name: "read and sum every column of both sides",
  run: async (pair) => await (await import("./sum-all.ts")).sumAll(pair),
};

/** What is measured is loaded by its own process alone, so that the yardstick pays for nothing but itself. */
export function benchProfile(): readonly DataStep[] {
  return [
    floorStep,
    { name: "profiles of both sides", yardstick: floorStep.name, most: { ratio: 3, mib: 1_000 }, run: profileBoth },
    { name: "profiles of both sides, as files", yardstick: floorStep.name, most: { mib: 1_000 }, run: storeBoth },
  ];
}

async function profileBoth({ reference, current }: Pair): Promise<void> {
  const { profileTables } = await import("#data/profile/profile-files.ts");
  await profileTables([reference, current].map((path) => [{ path, shown: path }]));
}

async function storeBoth({ reference, current }: Pair): Promise<Record<string, string>> {
  const { encodeProfile } = await import("#core/profile/profile-json.ts");
  const { profileFiles } = await import("#data/profile/profile-files.ts");
  const sizes: number[] = [];
  for (const path of [reference, current]) {
    const profile = await profileFiles([{ path, shown: path }]);
    sizes.push(JSON.stringify(encodeProfile(profile, { files: [] })).length);
  }
  return { "kB a profile": (Math.max(...sizes) / 1_000).toFixed(0) };
}
