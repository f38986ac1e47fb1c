/** A file's mode as git itself reads it: group-writable files of old tools are one of 100644 and 100755. */
export function canonicalMode(mode: string): string {
  if (!mode.startsWith("100")) return mode;
  return (Number.parseInt(mode, 8) & 0o100) === 0 ? "100644" : "100755";
}
