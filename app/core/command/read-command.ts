/** What a person may ask for in a comment. The text is a stranger's: the grammar is closed. */
export type Command =
  | { kind: "accept"; model: string | undefined; digest: string | undefined; why: string }
  | { kind: "promote"; model: string | undefined; digest: string | undefined; why: string }
  | { kind: "train"; again: boolean; head: string | undefined }
  | { kind: "rollback"; model: string | undefined; version: string | undefined; why: string }
  | { kind: "hold"; model: string | undefined; why: string }
  | { kind: "snooze"; time: string | undefined }
  | { kind: "help" };
export type CommandName = Command["kind"];

export type ReadCommand =
  | { kind: "command"; command: Command }
  | { kind: "mistake"; name: string; because: string; suggestion: string | undefined }
  | { kind: "none" };

/** The commands there are; help and suggestions are derived from this table. */
export const commands: readonly { name: CommandName; usage: string; says: string }[] = [
  {
    name: "accept",
    usage: "/accept [model] [digest] [-- why]",
    says: "take an undecided verdict on this pull request as it is",
  },
  {
    name: "promote",
    usage: "/promote [model] [digest] [-- why]",
    says: "let what waits on the default branch go on",
  },
  { name: "train", usage: "/train [--again] [commit]", says: "train this pull request's head" },
  {
    name: "rollback",
    usage: "/rollback [model] [version] [-- why]",
    says: "open a pull request that pins an earlier version; the one before this, where none is named",
  },
  { name: "hold", usage: "/hold [model] [-- why]", says: "open a pull request that pins what is in production now" },
  {
    name: "snooze",
    usage: "/snooze 2w|10d|12h|off",
    says: "on the issue of a model that drifts: no comment and no retraining pull request until then",
  },
  { name: "help", usage: "/help", says: "list the commands" },
];

const word = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/;
const hex = /^[0-9a-f]{7,64}$/;
const versionNumber = /^v?(\d{1,9}\.\d{1,9}\.\d{1,9})$/;

/**
 * Reads the first line of a comment. Quotes, code and anything that does not begin with `/` and a letter are none of
 * ours; a word close to a command of ours is a mistake that gets an answer; other bots' commands are left alone.
 */
export function readCommand(body: string): ReadCommand {
  const line = body.slice(0, 2_000).split(/\r?\n/, 1)[0]?.trimEnd() ?? "";
  const match = /^\/([A-Za-z]{2,20})(?:[ \t]+(.*))?$/.exec(line);
  if (match?.[1] === undefined) return { kind: "none" };
  // telephones begin with a capital
  const name = match[1].toLowerCase();
  const known = commands.find((command) => command.name === name);
  if (known !== undefined) return readRest(known.name, match[2] ?? "");
  const near = commands.find((command) => distance(command.name, name) <= 2);
  if (near === undefined) return { kind: "none" };
  return { kind: "mistake", name, because: `There is no command "/${name}"`, suggestion: near.usage };
}

function readRest(name: CommandName, rest: string): ReadCommand {
  const [before = "", ...after] = rest.split(/(?:^|\s)--(?:\s|$)/);
  const why = after.join(" -- ").trim().slice(0, 500);
  const words = before.split(/\s+/).filter((part) => part !== "");
  const found: Words = {};
  for (const part of words) {
    const as = takenBy[name].find((one) => found[one] === undefined && readers[one](part, found) !== undefined);
    if (as === undefined) return mistake(name, `"/${name}" does not know "${part.slice(0, 40)}"`);
    const value = readers[as](part, found);
    if (value !== undefined) found[as] = value;
  }
  if (after.length > 0 && (name === "train" || name === "help" || name === "snooze"))
    return mistake(name, `"/${name}" takes no reason behind "--"`);
  return { kind: "command", command: make(name, found, why) };
}

/** What words a command may be given. A digest is told from a model by its digits, or by coming second. */
type Words = { again?: string; version?: string; digest?: string; head?: string; model?: string; time?: string };
const readers: Readonly<Record<keyof Words, (part: string, found: Words) => string | undefined>> = {
  again: (part) => (part === "--again" ? part : undefined),
  version: (part) => {
    const number = versionNumber.exec(part)?.[1];
    return number === undefined ? undefined : `v${number}`;
  },
  digest: (part, { model }) => (hex.test(part) && (model !== undefined || /\d/.test(part)) ? part : undefined),
  head: (part) => (hex.test(part) ? part : undefined),
  model: (part) => (word.test(part) ? part : undefined),
  time: (part) => (/^(?:[1-9]\d{0,3}[hdw]|off)$/i.test(part) ? part.toLowerCase() : undefined),
};
const takenBy: Readonly<Record<CommandName, readonly (keyof Words)[]>> = {
  accept: ["digest", "model"],
  promote: ["digest", "model"],
  train: ["again", "head"],
  rollback: ["version", "model"],
  hold: ["model"],
  snooze: ["time"],
  help: [],
};

function make(name: CommandName, { again, version, digest, head, model, time }: Words, why: string): Command {
  switch (name) {
    case "accept":
    case "promote":
      return { kind: name, model, digest, why };
    case "train":
      return { kind: name, again: again !== undefined, head };
    case "rollback":
      return { kind: name, model, version, why };
    case "hold":
      return { kind: name, model, why };
    case "snooze":
      return { kind: name, time };
    case "help":
      return { kind: name };
  }
}

function mistake(name: CommandName, because: string): ReadCommand {
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
