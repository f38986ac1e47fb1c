/** What the system's codes mean to a person, and what mends it. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full; make room on it"],
  ["EDQUOT", "the disk's quota is used up; make room on it"],
  ["EFBIG", "the file is larger than may be written there; raise the limit (ulimit -f)"],
  ["EROFS", "the disk is read-only"],
  ["EACCES", "this user may not; see to it that it may be read, and written where it is written"],
  ["EPERM", "this user may not; see to it that it may be read, and written where it is written"],
  ["ENOENT", "there is no such file or folder"],
  ["EISDIR", "it is a folder"],
  ["EEXIST", "a part of the path is a file and no folder"],
  ["ENOTDIR", "a part of the path is a file and no folder"],
  ["EBUSY", "it is in use"],
  ["ELOOP", "its links lead back to themselves"],
  ["ENAMETOOLONG", "the name is too long"],
  ["EMFILE", "too many files are open; raise the limit (ulimit -n)"],
]);

/** Why a call to the system failed, in words: "the disk is full; …". Undefined for any other error. */
export function saySystemReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string" || !("syscall" in error))
    return undefined;
  return reasons.get(error.code);
}

/** The same with the path, where it is known: one sentence. */
export function saySystemError(error: unknown): string | undefined {
  const reason = saySystemReason(error);
  if (reason === undefined || !(error instanceof Error) || !("syscall" in error)) return undefined;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  if (path === undefined) return `Cannot ${String(error.syscall)}: ${reason}`;
  if (error.syscall === "mkdtemp")
    return `Cannot make the folder "${path}" for what is kept while working: ${reason}, or name another place in TMPDIR`;
  // the name under which it was about to be written
  return `Cannot ${String(error.syscall)} "${path.replace(/\.[0-9a-f-]{36}\.part$/, "")}": ${reason}`;
}
