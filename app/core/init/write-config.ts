import { plainLine } from "#core/message/escape.ts";

/** A value that is known, or one that a person has to fill in. */
export type Entry =
  | { kind: "known"; key: string; value: string | readonly string[] }
  | { kind: "open"; key: string; example: string; fill: string };
export type Block = { key: string; entries: readonly Entry[]; comment?: string };

const mostWidth = 100;

/** The text of a config with one model; what is open stands in it as a comment that says what to fill in. */
export function writeConfig(model: string, blocks: readonly Block[], gates: readonly string[]): string {
  return [
    "# yaml-language-server: $schema=https://raw.githubusercontent.com/trainyard/trainyard/main/schema/trainyard.schema.json",
    "# What can be said here: https://github.com/trainyard/trainyard/blob/main/docs/configuration.md",
    "version: 1",
    "models:",
    `  ${scalar(model)}:`,
    ...blocks.filter(({ entries }) => entries.length > 0).flatMap(writeBlock),
    "    gates:",
    ...gates.map((line) => `      ${line}`),
    "",
  ].join("\n");
}

function writeBlock({ key, entries, comment }: Block): readonly string[] {
  const end = comment === undefined ? "" : ` # ${comment}`;
  const known = entries.flatMap((entry) => (entry.kind === "known" ? [`${entry.key}: ${write(entry.value)}`] : []));
  const line = `    ${key}: { ${known.join(", ")} }`;
  if (known.length === entries.length && line.length <= mostWidth) return [`${line}${end}`];
  return [
    `    ${key}:${end}`,
    ...entries.map((entry) =>
      entry.kind === "known"
        ? `      ${entry.key}: ${write(entry.value)}`
        : `      # ${entry.key}: ${plainLine(entry.example, 200)}   # fill in: ${plainLine(entry.fill, 300)}`,
    ),
  ];
}

const write = (value: string | readonly string[]): string =>
  typeof value === "string" ? scalar(value) : `[${value.map(scalar).join(", ")}]`;

/** As YAML 1.2 reads it as exactly this text, in braces too. */
function scalar(text: string): string {
  const plain = /^[A-Za-z./_](?:[\w./+=&()@-]| (?=[\w./+=&()@-]))*$/.test(text);
  return plain && !/^(?:true|false|null|\.inf|\.nan)$/i.test(text) ? text : JSON.stringify(text);
}
