import { createHash } from "node:crypto";
import * as z from "zod";
import { PointerError } from "./pointer.ts";

/** One file of a mount: its path below it, and what is known of its bytes. */
export type MountedFile = { path: string; size: number; sha256?: string | undefined; etag?: string | undefined };

const fileSchema = z.object({
  path: z.string().min(1).max(4_096),
  size: z.coerce.number().int().nonnegative(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  etag: z.string().max(200).optional(),
});

/**
 * The files of a committed manifest, JSON lines or CSV with the columns path, size, and sha256 or etag. It is a
 * stranger's. Throws a `PointerError` with the line that is wrong.
 */
export function readMountManifest(text: string, shown: string): readonly MountedFile[] {
  const lines = text.split(/\r?\n/);
  const isCsv = !text.trimStart().startsWith("{");
  const header = isCsv ? splitCsv(lines[0] ?? "") : [];
  const cannot = (line: number, because: string): PointerError =>
    new PointerError(
      `Cannot read the manifest "${shown}", line ${line}: ${because}; write it anew with trainyard data manifest`,
    );
  if (isCsv && !(header.includes("path") && header.includes("size")))
    throw cannot(1, 'it is neither JSON lines nor CSV with the columns "path" and "size"');
  const files: MountedFile[] = [];
  const paths = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || (isCsv && index === 0)) continue;
    const parsed = fileSchema.safeParse(isCsv ? fromCsv(header, line) : fromJson(line));
    if (!parsed.success) throw cannot(index + 1, "it has no path, no size, or a SHA-256 that is none");
    const { path } = parsed.data;
    if (/[\\\0]/.test(path) || path.split("/").some((part) => part === "" || part === "." || part === ".."))
      throw cannot(index + 1, `"${path}" is no path below the mount`);
    if (paths.has(path)) throw cannot(index + 1, `"${path}" is there twice`);
    paths.add(path);
    files.push(parsed.data);
  }
  if (files.length === 0) throw cannot(1, "it lists no file");
  return files;
}

/** One line of a manifest that we write. */
export function writeMountedFile({ path, size, sha256 }: MountedFile): string {
  return `${JSON.stringify({ path, size, sha256 })}\n`;
}

/** So many of the files, the same ones every time for the same list: those whose digest with the list's own is lowest. */
export function sampleFiles(files: readonly MountedFile[], count: number): readonly MountedFile[] {
  if (files.length <= count) return files;
  const list = createHash("sha256");
  for (const { path, size, sha256 = "" } of files) list.update(`${path}\0${size}\0${sha256}\n`);
  const seed = list.digest("hex");
  return files
    .map((file) => ({ file, rank: createHash("sha256").update(`${seed}${file.path}`).digest("hex") }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ file }) => file);
}

function fromJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function fromCsv(header: readonly string[], line: string): Record<string, string> {
  const fields = splitCsv(line).map((field, index) => [header[index] ?? "", field] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== ""));
}

/** Fields of one line; a quoted one may hold commas and doubled quotes, no line of a manifest holds a line break. */
function splitCsv(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}
