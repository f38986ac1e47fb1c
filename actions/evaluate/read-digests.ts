import * as z from "zod";
import { readJson } from "#actions/read-json.ts";

const outputsSchema = z.record(z.string(), z.string());
const digestsSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

/**
 * The digests of answers by the key of their task, from the outputs of the job `answer`: one a machine, each the JSON of
 * a map. No outputs, no digests: the job was skipped.
 */
export function readDigests(outputs: string): ReadonlyMap<string, string> {
  if (outputs === "") return new Map();
  const slots = Object.values(readJson(outputs, outputsSchema, 'the input "answers"'));
  return new Map(
    slots
      .filter((text) => text !== "")
      .flatMap((text) => Object.entries(readJson(text, digestsSchema, 'an output of the job "answer"'))),
  );
}
