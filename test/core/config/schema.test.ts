import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { generateSchemas } from "../../../scripts/schema.ts";
import { everything, ranking, smallest } from "./examples.ts";

const schemas = generateSchemas();

describe("the published JSON Schemas", () => {
  it.for([...schemas])("%s is what `node scripts/schema.ts` writes", ([name, text]) => {
    expect(readFileSync(new URL(`../../../schema/${name}`, import.meta.url), "utf8")).toBe(text);
  });

  const validate = new Ajv({ strict: false }).compile(JSON.parse(schemas.get("trainyard.schema.json") ?? "") as object);

  it.for([smallest, everything, ranking])("accept a config that the parser reads", (text) => {
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  it.for([
    smallest.replace("train:", "trian:"),
    smallest.replace("version: 1", "version: 2"),
    smallest.replace("binary", "binray"),
  ])("refuse a config with a mistake in its shape", (text) => {
    expect(validate(parse(text))).toBe(false);
  });
});
