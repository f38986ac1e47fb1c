import type { Pair } from "./generate.ts";
import { floorStep } from "./profile.ts";
import type { DataStep } from "./step.ts";

/** From two files to the verdict: profiles, tests, adjusted p-values, the whole report. */
export function benchDrift(): readonly DataStep[] {
  return [
    floorStep,
    { name: "drift report, files to verdict", yardstick: floorStep.name, most: { ratio: 3, mib: 1_000 }, run: report },
  ];
}

async function report({ reference, current }: Pair): Promise<Record<string, string | number>> {
  const { defaultDriftSettings } = await import("#core/drift/drift-settings.ts");
  const { judgeDrift } = await import("#core/drift/judge-drift.ts");
  const { profileTables } = await import("#data/profile/profile-files.ts");
  const paths = [reference, current];
  const profiles = await profileTables(paths.map((path) => [{ path, shown: path }]));
  const side = (index: number) => ({
    files: [paths[index] ?? ""],
    profile: profiles[index] ?? { rows: 0, columns: [] },
  });
  const sides = { reference: side(0), current: side(1) };
  const before = process.cpuUsage();
  const about = { model: "", version: "", lead: undefined, at: new Date(0).toISOString() };
  const judged = judgeDrift({ ...about, ...sides, settings: defaultDriftSettings });
  const { user, system } = process.cpuUsage(before);
  const drifted = judged.columns.filter((column) => column.drifted).map(({ column }) => column);
  return { verdict: judged.verdict, drifted: drifted.join(" "), "s to judge": ((user + system) / 1e6).toFixed(2) };
}
