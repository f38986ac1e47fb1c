/** A pair that a step wrote to GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE. Untrusted. */
export type Pair = { name: string; value: string };

/** Reads `name=value` lines and `name<<DELIMITER` blocks; throws a sentence where the file has neither. */
export function readCommandFile(content: string): Pair[] {
  const lines = content.split(/\r?\n/);
  const pairs: Pair[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      const name = line.slice(0, equals);
      if (name === "") throw new Error(`Invalid format '${line}'. Name must not be empty`);
      pairs.push({ name, value: line.slice(equals + 1) });
      continue;
    }
    const name = line.slice(0, Math.max(heredoc, 0));
    const delimiter = line.slice(heredoc + 2);
    if (heredoc < 0) throw new Error(`Invalid format '${line}'`);
    if (name === "" || delimiter === "") {
      throw new Error(`Invalid format '${line}'. Name and delimiter must not be empty`);
    }
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    pairs.push({ name, value: lines.slice(index + 1, end).join("\n") });
    index = end;
  }
  return pairs;
}
