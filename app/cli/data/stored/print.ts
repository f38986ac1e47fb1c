/** Prints an answer: one JSON object, or lines for people. */
export function print(
  json: boolean | undefined,
  answer: Readonly<Record<string, unknown>>,
  lines: readonly string[],
): void {
  process.stdout.write(`${json === true ? JSON.stringify(answer, null, 2) : lines.join("\n")}\n`);
}
