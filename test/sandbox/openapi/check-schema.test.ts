import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { checkSchema } from "#sandbox/openapi/check-schema.ts";
import { readDescription, resolveSchema, type Schema } from "#sandbox/openapi/description.ts";
import { fill, fillWebhook } from "#sandbox/openapi/fill.ts";

const { definitions, webhooks } = readDescription();

const objects = Object.entries(definitions)
  .filter(([, schema]) => isObjectSchema(schema))
  .map(([name]) => name);

function isObjectSchema(schema: Schema): boolean {
  const at = resolveSchema(schema);
  return at.type === "object" || (at.allOf ?? []).some(isObjectSchema);
}

/** Every object that differs from this one in one place: a field gone, null, a text, a number, a list or an object. */
function* mutants(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) for (const mutant of mutants(item)) yield value.with(index, mutant);
  } else if (typeof value === "object" && value !== null) {
    const object: Record<string, unknown> = { ...value };
    for (const [name, inner] of Object.entries(object)) {
      const { [name]: _, ...without } = object;
      yield without;
      for (const other of [null, "no such value", -7, 1.5, [], {}, true]) yield { ...object, [name]: other };
      for (const mutant of mutants(inner)) yield { ...object, [name]: mutant };
    }
  }
}

describe("checkSchema", () => {
  it.each(objects)("finds fill(%s) clean", (name) => {
    expect(checkSchema(definitions[name] ?? {}, fill(name, {}))).toEqual([]);
  });

  it.each(Object.keys(webhooks))("finds fillWebhook(%s) clean", (name) => {
    const [event = "", action = null] = name.split(".");
    expect(checkSchema(webhooks[name] ?? {}, fillWebhook(event, action, {}))).toEqual([]);
  });

  it("judges every mutant of what the sandbox sends as ajv does", () => {
    const ajv = new Ajv({
      strict: false,
      validateSchema: false,
      meta: false,
      logger: false,
      inlineRefs: false,
      code: { optimize: false },
      formats: {
        "date-time": (text: string) => /^\d{4}-\d\d-\d\dT/.test(text),
        uri: (text: string) => text === "" || URL.canParse(text),
      },
    });
    ajv.addSchema({ definitions }, "gh");
    const sent = [
      "issue",
      "issue-comment",
      "check-run",
      "release",
      "deployment",
      "deployment-status",
      "git-tag",
      "webhook-push",
    ];
    let judged = 0;
    const disputed: string[] = [];
    for (const name of sent) {
      const schema = definitions[name] ?? {};
      const isValid = ajv.compile(schema);
      for (const mutant of mutants(fill(name, {}))) {
        judged += 1;
        if (isValid(mutant) !== (checkSchema(schema, mutant).length === 0))
          disputed.push(`${name}: ${JSON.stringify(mutant)}`);
      }
    }
    expect(disputed).toEqual([]);
    expect(judged).toBeGreaterThan(1000);
  });

  it("says where a value is wrong, and what the nearest alternative wants", () => {
    const schema: Schema = {
      type: "object",
      properties: {
        labels: {
          type: "array",
          maxItems: 1,
          items: { anyOf: [{ type: "string" }, { type: "object", required: ["name"] }] },
        },
      },
    };
    expect(checkSchema(schema, { labels: [{}, 1] })).toEqual([
      { kind: "items", path: "labels", wanted: "1", value: [{}, 1] },
      { kind: "missing", path: "labels/0/name", wanted: "", value: undefined },
      { kind: "type", path: "labels/1", wanted: "string", value: 1 },
    ]);
  });

  it("counts characters as GitHub does, not UTF-16 units", () => {
    expect(checkSchema({ maxLength: 2 }, "🚂🚂")).toEqual([]);
    expect(checkSchema({ maxLength: 2 }, "🚂🚂🚂")).toHaveLength(1);
  });
});
