import { mergeProfiles } from "#core/profile/merge-profiles.ts";
import { encodeProfile } from "#core/profile/profile-json.ts";
import { profileFiles } from "#data/profile/profile-files.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";
import type { Pair } from "./generate.ts";
import type { DataStep } from "./step.ts";

/** The yardstick of everything that reads both sides. */
export const floor = "read and sum every column of both sides";

export const floorStep: DataStep = { name: floor, run: sumAll };

export function benchProfile(): readonly DataStep[] {
  return [
    floorStep,
    { name: "profiles of both sides", yardstick: floor, most: { ratio: 3, mib: 1_000 }, run: profileBoth },
  ];
}

async function profileBoth({ reference, current }: Pair): Promise<Record<string, string>> {
  const sizes: number[] = [];
  for (const path of [reference, current]) {
    const profile = await profileFiles([{ path, shown: path }]);
    sizes.push(JSON.stringify(encodeProfile(mergeProfiles([profile]), { files: [] })).length);
  }
  return { "a profile's file in KB": (Math.max(...sizes) / 1_000).toFixed(0) };
}

async function sumAll({ reference, current }: Pair): Promise<void> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "700MB" });
  const connection = await instance.connect();
  for (const path of [reference, current]) {
    const file = `read_parquet([${quoteText(path)}])`;
    const described = await connection.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE FROM ${file})`);
    const sums = described.getRows().map(([name, type]) => {
      const column = quoteName(String(name));
      if (type === "VARCHAR") return `sum(length(${column}))`;
      return type === "TIMESTAMP" ? `min(${column}), max(${column})` : `sum(${column})`;
    });
    await connection.runAndReadAll(`SELECT ${sums.join(", ")} FROM ${file}`);
  }
  connection.closeSync();
  instance.closeSync();
}
