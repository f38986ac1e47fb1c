import { canonicalJson, digest } from "#core/canonical.ts";
import { parseSha256, type Sha256 } from "#core/names.ts";
import { compareBytes } from "./byte-order.ts";

/**
 * The identity of a trained model, as in docs/identity.md: of one file its own SHA-256, of several that of the canonical
 * list. Throws a TypeError where there is no file, where a path is there twice, or on what is no SHA-256.
 */
export function digestArtifact(files: readonly { path: string; sha256: string; size: number }[]): Sha256 {
  const [first, ...others] = files.toSorted((a, b) => compareBytes(a.path, b.path));
  if (first === undefined) throw new TypeError("Cannot digest an artifact of no files: a model has at least one");
  if (others.length === 0) return parseSha256(first.sha256);
  const list = [first, ...others].map(({ path, sha256, size }) => ({ path, sha256: parseSha256(sha256), size }));
  const twice = list.find(({ path }, index) => path === list[index + 1]?.path);
  if (twice !== undefined) throw new TypeError(`Cannot digest an artifact: "${twice.path}" is in it twice`);
  return digest(canonicalJson(list));
}

/**
 * Does a record's digest speak of the files that it lists? One that names a reviewed digest over other files would have
 * those shipped in its name. A folder of one file bears either digest.
 */
export function isDigestOf(sha256: string, files: readonly { path: string; sha256: string; size: number }[]): boolean {
  if (files.length === 1 && files[0]?.sha256 === sha256) return true;
  return (
    files.length > 0 &&
    digest(canonicalJson(files.map(({ path, sha256: own, size }) => ({ path, sha256: own, size })))) === sha256
  );
}
