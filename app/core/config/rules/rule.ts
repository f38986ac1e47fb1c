import type { Draft, WrittenModel } from "#core/config/schema.ts";
import type { Path } from "#core/config/yaml/read-yaml.ts";

/** Takes a mistake in meaning; the path is relative to what the rule was given. */
export type Report = (path: Path, message: string, at?: "key" | "value") => void;
/** One thing that a model's settings must mean. Parts that are broken or missing are undefined and say nothing. */
export type ModelRule = (model: Draft<WrittenModel>, report: Report) => void;

/** Reports whatever a list holds for the second time. */
export function noDuplicates(list: readonly (string | undefined)[] | undefined, path: Path, report: Report): void {
  for (const [index, item] of (list ?? []).entries()) {
    if (item !== undefined && list?.indexOf(item) !== index)
      report([...path, index], `"${item}" is there twice: keep one`);
  }
}
