import { lstatSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * Lets a fork use the objects of the repository that began it all, by a link that holds wherever the whole folder is moved;
 * a copy of the folder may have made it absolute, so it is set right whenever a fork is opened.
 */
export function shareObjects(repositoryFolder: string, rootFolder: string): void {
  const link = join(repositoryFolder, "git", "objects");
  const target = relative(join(repositoryFolder, "git"), join(rootFolder, "git", "objects"));
  const isRight = lstatSync(link).isSymbolicLink() && readlinkSync(link) === target;
  if (isRight) return;
  rmSync(link, { recursive: true });
  symlinkSync(target, link);
}
