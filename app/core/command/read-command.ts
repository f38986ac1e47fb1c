/** What a person may ask for in a comment. The text is a stranger's: the grammar is closed. */
export type Command =
  | { kind: "promote"; model: string | undefined; artifact: string | undefined; why: string }
  | { kind: "train"; again: boolean; head: string | undefined };

export type ReadCommand =
  | { kind: "command"; command: Command }
  | { kind: "mistake"; name: string; because: string; suggestion: string | undefined }
  | { kind: "none" };

/** The commands there are; help and suggestions are derived from this table. */
export const commands = [
  { name: "promote", usage: "/promote [model] [digest] [-- why]", says: "let what waits on the default branch go on" },
  { name: "train", usage: "/train [--again] [commit]", says: "train this pull request's head" },
] as const;

const word = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/;
const hex = /^[0-9a-f]{7,64}$/;

/**
 * Reads the first line of a comment. Quotes, code and anything that does not begin with `/` and a letter are none of
 * ours; a word close to a command of ours is a mistake that gets an answer; other bots' commands are left alone.
 */
export function readCommand(body: string): ReadCommand {
  const line = body.slice(0, 2_000).split(/\r?\n/, 1)[0]?.trimEnd() ?? "";
  const match = /^\/([a-z]{2,20})(?:[ \t]+(.*))?$/.exec(line);
  if (match?.[1] === undefined) return { kind: "none" };
  const name = match[1];
  const rest = match[2] ?? "";
  if (name === "promote") return readPromote(rest);
  if (name === "train") return readTrain(rest);
  const near = commands.find((command) => distance(command.name, name) <= 2);
  if (near === undefined) return { kind: "none" };
  return { kind: "mistake", name, because: `There is no command "/${name}"`, suggestion: near.usage };
}

function readPromote(rest: string): ReadCommand {
  const [before = "", ...after] = rest.split(/(?:^|\s)--(?:\s|$)/);
  const words = before.split(/\s+/).filter((part) => part !== "");
  let model: string | undefined;
  let artifact: string | undefined;
  for (const part of words) {
    if (hex.test(part) && artifact === undefined && (model !== undefined || /\d/.test(part))) artifact = part;
    else if (word.test(part) && model === undefined) model = part;
    else return mistake("promote", `"/promote" does not know "${part.slice(0, 40)}"`);
  }
  return {
    kind: "command",
    command: { kind: "promote", model, artifact, why: after.join(" -- ").trim().slice(0, 500) },
  };
}

function readTrain(rest: string): ReadCommand {
  let again = false;
  let head: string | undefined;
  for (const part of rest.split(/\s+/).filter((entry) => entry !== "")) {
    if (part === "--again") again = true;
    else if (hex.test(part) && head === undefined) head = part;
    else return mistake("train", `"/train" does not know "${part.slice(0, 40)}"`);
  }
  return { kind: "command", command: { kind: "train", again, head } };
}

function mistake(name: "promote" | "train", because: string): ReadCommand {
  return { kind: "mistake", name, because, suggestion: commands.find((command) => command.name === name)?.usage };
}

/** Levenshtein distance of two short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}
