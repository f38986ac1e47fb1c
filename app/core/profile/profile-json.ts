import * as z from "zod";
import { decodeColumn, encodeColumn } from "./column-json.ts";
import { columnRecordSchema, countSchema } from "./column-record.ts";
import type { TableProfile } from "./table-profile.ts";

/** A file that was profiled. `name` comes from a path: untrusted. */
const profiledFileSchema = z.strictObject({
  name: z.string().max(4_096),
  rows: countSchema.optional(),
  bytes: countSchema.optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

/**
 * A profile as a file: at most `storedBins` bins of each column of numbers. Parts of a table, stored and merged, are the
 * stored whole.
 */
export const profileRecordSchema = z.strictObject({
  schema: z.literal("trainyard/profile/1"),
  /** when it was made, ISO 8601 */
  at: z.string().max(40).optional(),
  files: z.array(profiledFileSchema).max(10_000),
  /** which of how many parts of these files it is */
  shard: z.strictObject({ index: z.number().int().min(1), of: z.number().int().min(1) }).optional(),
  rows: countSchema,
  columns: z.array(columnRecordSchema).max(5_000),
});
export type ProfileRecord = z.infer<typeof profileRecordSchema>;

/** Is this a file of a stored profile, by its name? */
export const isProfilePath = (path: string): boolean => /\.json$/i.test(path);

/** A stored profile is not one. The message is a sentence that names the place. */
export class BadProfile extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(`Cannot read the profile: ${message}`, options);
    this.name = "BadProfile";
  }
}

/** What to store: the same profile gives the same record. */
export function encodeProfile(
  { rows, columns }: TableProfile,
  about: Pick<ProfileRecord, "files" | "at" | "shard">,
): ProfileRecord {
  return {
    schema: "trainyard/profile/1",
    ...(about.at === undefined ? {} : { at: about.at }),
    files: about.files,
    ...(about.shard === undefined ? {} : { shard: about.shard }),
    rows,
    columns: columns.map(encodeColumn),
  };
}

/** The profile that a file holds, whoever wrote it. Throws a BadProfile. */
export function decodeProfile(json: unknown): TableProfile {
  const parsed = profileRecordSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue === undefined || issue.path.length === 0 ? "it" : `"${issue.path.map(String).join(".")}"`;
    throw new BadProfile(`${place} is not as it must be: ${issue?.message ?? "not a profile"}`);
  }
  const { rows, columns } = parsed.data;
  const names = new Set<string>();
  return {
    rows,
    columns: columns.map((column, index) => {
      const place = `"columns.${index}" ("${column.name.slice(0, 60)}")`;
      if (names.has(column.name)) throw new BadProfile(`${place} comes twice`);
      names.add(column.name);
      try {
        return decodeColumn(column, rows);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new BadProfile(`${place} is not as it must be: ${reason}`, { cause: error });
      }
    }),
  };
}
