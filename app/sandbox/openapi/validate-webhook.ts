import { checkSchema } from "./check-schema.ts";
import { readDescription, type Schema } from "./description.ts";
import { sayUnclean } from "./say-unclean.ts";

/** The schema of an event's payload; undefined if the sandbox's description has no such event or action. */
export function webhookSchema(event: string, action: string | null): Schema | undefined {
  const { webhooks } = readDescription();
  // the action of a repository_dispatch is whatever its sender chose
  return webhooks[event] ?? (action === null ? undefined : webhooks[`${event}.${action}`]);
}

/** Where a payload leaves GitHub's description, as sentences; [] when clean. */
export function validateWebhook(event: string, action: string | null, payload: unknown): readonly string[] {
  const name = action === null ? event : `${event}.${action}`;
  const schema = webhookSchema(event, action);
  if (schema === undefined) return [`webhook ${name}: the sandbox's description has no such event`];
  return checkSchema(schema, payload).map((one) => `webhook ${name}: ${sayUnclean(one)}`);
}
