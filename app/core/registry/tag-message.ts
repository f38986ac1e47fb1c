import * as z from "zod";
import type { Version } from "#core/names.ts";

/**
 * What a tag of ours says beyond its name. The first line is GTO's own sentence; the facts follow in one line of JSON
 * behind "trainyard: ", so that people and programs read the same tag.
 */
const registrationSchema = z.strictObject({
  recipe: z.string().regex(/^[0-9a-f]{64}$/),
  artifact: z.string().regex(/^[0-9a-f]{64}$/),
  run: z.string().max(200),
  evaluation: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  pull: z.number().int().nullable(),
});
export type Registration = z.infer<typeof registrationSchema>;

const assignmentSchema = registrationSchema.extend({
  version: z.string().regex(/^v(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/),
  /** who said yes where the laws wait for people */
  by: z.string().max(100).nullable(),
  why: z.string().max(1_000),
});
export type Assignment = z.infer<typeof assignmentSchema>;

const marker = "\ntrainyard: ";

export function writeRegistration(model: string, version: Version, facts: Registration): string {
  return `Registering artifact ${model} version ${version}\n${marker}${JSON.stringify(facts)}\n`;
}

export function writeAssignment(model: string, stage: string, facts: Assignment): string {
  return `Assigning stage ${stage} to artifact ${model} version ${facts.version}\n${marker}${JSON.stringify(facts)}\n`;
}

export function writeUnassignment(model: string, stage: string, facts: Assignment): string {
  return `Unassigning stage ${stage} from artifact ${model} version ${facts.version}\n${marker}${JSON.stringify(facts)}\n`;
}

/** Why what stood under another name is moved under this one: so it is known that the one has been called the other. */
export function sayCalledBefore(old: string): string {
  return `called "${old}" until now`;
}

/** The facts of a registration, undefined where somebody else wrote the tag. */
export function readRegistration(message: string): Registration | undefined {
  return registrationSchema.safeParse(facts(message)).data;
}

/** The facts of a stage move, undefined where somebody else wrote the tag. */
export function readAssignment(message: string): Assignment | undefined {
  return assignmentSchema.safeParse(facts(message)).data;
}

function facts(message: string): unknown {
  const at = message.indexOf(marker);
  if (at < 0 || message.length > 20_000) return undefined;
  try {
    return JSON.parse(message.slice(at + marker.length).split("\n", 1)[0] ?? "");
  } catch {
    return undefined;
  }
}
