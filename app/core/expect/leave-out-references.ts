import type { Model } from "#core/config/config.ts";
import type { TreeEntry } from "#core/identity/tree.ts";

/** The files that a model's expectations look values up in, as they are written there. */
export const referredBy = ({ expect }: Pick<Model, "expect">): readonly string[] => [
  ...new Set(expect.flatMap((one) => (one.kind === "references" ? [one.file] : []))),
];

/** Values are looked up in such a file: it is no rows of the data, unless there are no others. */
export function leaveOutReferences(model: Pick<Model, "expect">, data: readonly TreeEntry[]): TreeEntry[] {
  const own = new Set(referredBy(model).flatMap((file) => [file, `${file}.dvc`]));
  const others = data.filter(({ path }) => !own.has(path));
  return others.length === 0 ? [...data] : others;
}
