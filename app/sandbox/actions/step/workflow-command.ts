/** `::name key=value,…::message` as a step prints it. Untrusted. */
export type WorkflowCommand = {
  name: string;
  properties: Readonly<Record<string, string>>;
  message: string;
};

/** Reads one line of output; undefined where it is no command. */
export function readWorkflowCommand(line: string): WorkflowCommand | undefined {
  const match = /^\s*::([^\s:]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/s.exec(line);
  const name = match?.[1];
  if (match === null || name === undefined) return undefined;
  const properties = (match[2] ?? "")
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes("="))
    .map((pair) => {
      const equals = pair.indexOf("=");
      return [pair.slice(0, equals), unescapeProperty(pair.slice(equals + 1))] as const;
    });
  return {
    name: name.toLowerCase(),
    properties: Object.fromEntries(properties),
    message: unescapeData(match[3] ?? ""),
  };
}

function unescapeData(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll("%3A", ":").replaceAll("%2C", ","));
}
