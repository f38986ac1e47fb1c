/**
 * Names as people list them, with commas or blanks between: `a,b c` are three. What is the name of one of `known` as it
 * is written is that one, commas and all.
 */
export function splitNames(written: readonly string[], known: readonly string[]): string[] {
  return written.flatMap((text) =>
    known.includes(text)
      ? [text]
      : text
          .split(",")
          .map((name) => name.trim())
          .filter((name) => name !== ""),
  );
}
