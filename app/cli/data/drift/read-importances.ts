import { readFileSync } from "node:fs";
import { ExitError } from "#cli/exit-error.ts";

/** A JSON map from column to a number, such as a run logged it. Throws an ExitError (2). */
export function readImportances(path: string): ReadonlyMap<string, number> {
  const cannot = (why: string): ExitError =>
    new ExitError(
      2,
      `Cannot read the importances in "${path}": ${why}; write a map such as { "income": 0.31, "age": 0.12 }`,
    );
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw cannot(error instanceof SyntaxError ? "it is no JSON" : "it cannot be read");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw cannot("it is no map");
  return new Map(
    Object.entries(json).map(([column, value]) => {
      if (typeof value !== "number" || !(value >= 0)) throw cannot(`"${column.slice(0, 60)}" is no number from 0 up`);
      return [column, value] as const;
    }),
  );
}
