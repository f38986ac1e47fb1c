/** `::name key=value,…::message` as a step prints it. Untrusted. */
export type WorkflowCommand = {
  name: string;
  properties: Readonly<Record<string, string>>;
  message: string;
};

/** what the runner obeys in the older form too, `##[name key=value;…]message`, anywhere in a line */
const older =
  /##\[(add-mask|add-matcher|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-output|warning)(?: ([^\]]*))?\](.*)$/s;

/** Reads one line of output; undefined where it is no command. */
export function readWorkflowCommand(line: string): WorkflowCommand | undefined {
  return readCommand(line) ?? readOlderCommand(line);
}

function readOlderCommand(line: string): WorkflowCommand | undefined {
  const match = older.exec(line);
  if (match?.[1] === undefined) return undefined;
  return { name: match[1], properties: readPairs(match[2] ?? "", ";"), message: unescapeData(match[3] ?? "") };
}

function readCommand(line: string): WorkflowCommand | undefined {
  const match = /^\s*::([^\s:]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/s.exec(line);
  const name = match?.[1];
  if (match === null || name === undefined) return undefined;
  return {
    name: name.toLowerCase(),
    properties: readPairs(match[2] ?? "", ","),
    message: unescapeData(match[3] ?? ""),
  };
}

function readPairs(text: string, between: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(between)
      .map((pair) => pair.trim())
      .filter((pair) => pair.includes("="))
      .map((pair) => {
        const equals = pair.indexOf("=");
        return [pair.slice(0, equals), unescapeProperty(pair.slice(equals + 1))] as const;
      }),
  );
}

function unescapeData(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll("%3A", ":").replaceAll("%2C", ","));
}
