/**
 * Whether a stranger's relative path names a file of the data below a folder: it neither leaves it nor is git's or
 * DVC's own, whose hooks and settings are run or obeyed by whoever works there.
 */
export function isBelow(path: string): boolean {
  return (
    !/[\\\0]/.test(path) &&
    path
      .split("/")
      .every((part) => part !== "" && part !== "." && part !== ".." && !isGitFolder(part) && !/^\.dvc$/i.test(part))
  );
}

/** `.git` under the names that file systems take for it: case, trailing dots and spaces, ignorable characters, 8.3. */
export function isGitFolder(part: string): boolean {
  const plain = part
    .normalize("NFKC")
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toLowerCase()
    .replace(/[. ]+$/, "");
  return plain === ".git" || plain === "git~1";
}
