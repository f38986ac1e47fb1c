import { readFileSync } from "node:fs";
import * as z from "zod";
import { expect, it } from "vitest";
import { parseConfig } from "#core/config/parse.ts";
import { configSchema } from "#core/config/schema.ts";

const page = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/```yaml\n([^]*?)```/g)]
  .map(([, text = ""]) => text)
  .filter((text) => text.includes("version:"));

it.for(examples.map((text, index) => [index, text] as const))(
  "example %i of docs/configuration.md can be read",
  ([, text]) => {
    const parsed = parseConfig(text);
    expect(parsed.kind === "problems" ? parsed.problems : []).toEqual([]);
  },
);

it("docs/configuration.md shows the examples", () => {
  expect(examples).toHaveLength(3);
});

it("docs/configuration.md names every key", () => {
  const missing = [...listKeys(z.toJSONSchema(configSchema, { io: "input" }))].filter(
    (key) => !new RegExp(`\\b${key}\\b`).test(page),
  );
  expect(missing).toEqual([]);
});

function listKeys(schema: unknown): ReadonlySet<string> {
  const keys = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("properties" in node && typeof node.properties === "object" && node.properties !== null) {
      for (const key of Object.keys(node.properties)) keys.add(key);
    }
    Object.values(node).forEach(walk);
  };
  walk(schema);
  return keys;
}
