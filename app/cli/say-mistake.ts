/** What the parser of options says, "error: unknown option '--x'\\n(Did you mean --y?)", as a sentence with what to do. */
export function sayMistake(text: string): string {
  const [first = "", ...more] = text
    .trim()
    .split("\n")
    .map((line) => line.trim());
  const mistake = first
    .replace(/^error: /, "")
    .replace(". Expected ", ", expected ")
    .replaceAll("'", '"')
    .replace(/\.$/, "");
  const guess = more
    .find((line) => line.startsWith("(Did you mean"))
    ?.replace(/^\(Did you mean (.*)\)$/, "did you mean $1");
  return `${mistake.charAt(0).toUpperCase()}${mistake.slice(1)}: ${guess ?? "add --help to see what there is"}`;
}
