import { parse, YAMLParseError } from "yaml";
import * as z from "zod";
import { isBelow } from "./is-below.ts";
import { PointerError, type Out } from "./pointer.ts";

const mostBytes = 1_000_000;

const outSchema = z.object({
  path: z.string().min(1).max(4_096),
  md5: z.string().optional(),
  size: z.number().int().nonnegative().optional(),
  nfiles: z.number().int().nonnegative().optional(),
  hash: z.string().optional(),
});
const metaSchema = z.object({ trainyard: z.array(z.object({ md5: z.string(), sha256: z.string() })) });
const pointerSchema = z.object({
  wdir: z.string().optional(),
  outs: z.array(z.record(z.string(), z.unknown())).min(1).max(1_000),
  meta: z.unknown().optional(),
});

/**
 * The outs of a pointer that DVC or we wrote; its text is a stranger's. Throws a `PointerError` for what cannot be read,
 * paths that leave the pointer's folder, and digests other than MD5.
 */
export function readDvcPointer(text: string, shown: string): readonly Out[] {
  const cannot = (because: string): PointerError =>
    new PointerError(`Cannot read the pointer "${shown}": ${because}; add the data again, or take it from git`);
  if (text.length > mostBytes) throw cannot(`it has ${text.length} characters, and a pointer has at most ${mostBytes}`);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0, prettyErrors: false });
  } catch (error) {
    throw cannot(`it is no YAML (${error instanceof YAMLParseError ? error.message : String(error)})`);
  }
  const parsed = pointerSchema.safeParse(value);
  if (!parsed.success) throw cannot('it has no "outs", as every pointer of DVC has');
  const { wdir, outs, meta } = parsed.data;
  if (wdir !== undefined && wdir !== ".")
    throw cannot(`its "wdir" is "${wdir}", and only pointers beside their data are read`);
  const known = metaSchema.safeParse(meta);
  const digests = new Map(known.success ? known.data.trainyard.map(({ md5, sha256 }) => [md5, sha256]) : []);
  return outs.map((entry) => {
    const out = outSchema.safeParse(entry);
    if (!out.success) throw cannot("one of its outs has no path, or a size that is no whole number");
    return readOut(out.data, digests.get(out.data.md5 ?? ""), cannot);
  });
}

function readOut(
  { path, md5, size, nfiles, hash }: z.infer<typeof outSchema>,
  sha256: string | undefined,
  cannot: (because: string) => PointerError,
): Out {
  if (!isBelow(path)) throw cannot(`its out "${path}" is no path below the pointer's folder, or belongs to git or DVC`);
  const digest = /^([0-9a-f]{32})(\.dir)?$/.exec(md5 ?? "");
  if (digest?.[1] === undefined)
    throw cannot(
      md5 === undefined
        ? `its out "${path}" has no md5: what it stands for was never stored`
        : `the md5 of its out "${path}" is "${md5.slice(0, 80)}", and not 32 hex digits`,
    );
  if (hash !== undefined && hash !== "md5")
    throw cannot(`the hash of its out "${path}" is "${hash}", and only md5 is read`);
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256))
    throw cannot(`the sha256 of its out "${path}" is no 64 hex digits`);
  return { path, md5: digest[1], folder: digest[2] !== undefined, size, nfiles, sha256, legacy: hash === undefined };
}
