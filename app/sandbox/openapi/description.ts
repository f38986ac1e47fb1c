import written from "./github.json" with { type: "json" };

/** A JSON Schema (draft-07) of the description; references look like `gh#/definitions/issue`. */
export type Schema = {
  $ref?: string;
  type?: string | readonly string[];
  format?: string;
  enum?: readonly unknown[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: readonly Schema[];
  allOf?: readonly Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
};

export type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  /** a path parameter that spans slashes */
  multi?: true;
  schema: Schema;
};

export type Operation = {
  /** such as "issues/create" */
  id: string;
  parameters: readonly Parameter[];
  /** `type`: the media type that a caller sends */
  body?: { required: boolean; type: string; schema: Schema };
  /** by status; null: no JSON body, or an error's */
  responses: Readonly<Record<string, Schema | null>>;
};

export type Description = {
  source: string;
  /** by "METHOD /path/{template}" */
  operations: Readonly<Record<string, Operation>>;
  /** by "event" or "event.action" */
  webhooks: Readonly<Record<string, Schema>>;
  definitions: Readonly<Record<string, Schema>>;
};

/** GitHub's description of the operations, webhooks and schemas that the sandbox knows (see NOTICE). */
export function readDescription(): Description {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by scripts/openapi-subset.ts in this form
  return written as unknown as Description;
}

/** Follows `$ref`s until a schema stands there itself. */
export function resolveSchema(schema: Schema): Schema {
  let at = schema;
  while (at.$ref !== undefined) {
    const name = at.$ref.slice("gh#/definitions/".length);
    const next = readDescription().definitions[name];
    if (next === undefined) throw new Error(`GitHub's description in the sandbox has no schema "${name}"`);
    at = next;
  }
  return at;
}
