const leftover = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

/** Is a file or folder of this name no data: of git, Mercurial or DVC, or what a pull that was killed left beside a file? */
export function isPassedOver(name: string): boolean {
  return name === ".git" || name === ".hg" || name === ".dvc" || leftover.test(name);
}
