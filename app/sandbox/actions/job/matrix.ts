/** One combination of a matrix: what `matrix` holds in its job. */
export type Combination = Readonly<Record<string, unknown>>;

const maxJobs = 256;

/**
 * Spreads an evaluated `matrix:` as GitHub does: the product of the lists, less `exclude`, with `include` merged in or
 * appended. Throws a sentence where it is empty, too large, or no lists.
 */
export function expandMatrix(matrix: unknown): Combination[] {
  if (!isObject(matrix)) throw new Error(`The matrix must be a map, it is ${JSON.stringify(matrix)}`);
  const { include, exclude, ...vectors } = matrix;
  let product: Record<string, unknown>[] = Object.keys(vectors).length === 0 ? [] : [{}];
  for (const [name, values] of Object.entries(vectors)) {
    if (!Array.isArray(values)) throw new Error(`Matrix vector '${name}' must be a list`);
    if (values.length === 0) throw new Error(`Matrix vector '${name}' does not contain any values`);
    const list: unknown[] = values;
    product = product.flatMap((before) => list.map((value) => ({ ...before, [name]: value })));
  }
  const kept = product.filter(
    (combination) => !listOf(exclude, "exclude").some((filter) => isPartOf(filter, combination)),
  );
  const result = kept.map((original) => ({ original, merged: { ...original } }));
  for (const addition of listOf(include, "include")) {
    const fitting = result.filter(({ original }) =>
      Object.entries(addition).every(([key, value]) => !(key in original) || isEqual(original[key], value)),
    );
    const places = fitting.filter(({ original }) => Object.keys(original).length > 0);
    if (places.length === 0) result.push({ original: {}, merged: { ...addition } });
    for (const place of places) Object.assign(place.merged, addition);
  }
  if (result.length === 0) throw new Error("Matrix must define at least one vector");
  if (result.length > maxJobs) {
    throw new Error(`The matrix has ${result.length} jobs, at most ${maxJobs} are allowed`);
  }
  return result.map(({ merged }) => merged);
}

/** What GitHub appends to the name of a job of a matrix: the leaf values in brackets. */
export function nameOf(combination: Combination): string {
  const leaves = (value: unknown): string[] => {
    if (value === null || value === undefined) return [];
    if (typeof value === "object") return Object.values(value).flatMap(leaves);
    return [typeof value === "string" ? value : JSON.stringify(value)];
  };
  return leaves(combination).join(", ");
}

function listOf(value: unknown, name: string): Record<string, unknown>[] {
  if (value === undefined || value === null || value === "") return [];
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw new Error(`The matrix's "${name}" must be a list of maps`);
  }
  return value;
}

function isPartOf(filter: Combination, combination: Combination): boolean {
  return Object.entries(filter).every(([key, value]) =>
    isObject(value) && isObject(combination[key])
      ? isPartOf(value, combination[key])
      : isEqual(value, combination[key]),
  );
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
