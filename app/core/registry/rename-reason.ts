/** Why a version is taken from the stages of a name that was given up for another one. */
export function sayRenamed(name: string): string {
  return `called "${name}" from now on`;
}

/** The new name in such a reason; undefined for every other reason. */
export function readRenamed(why: string): string | undefined {
  return /^called "([A-Za-z0-9_-]{1,100})" from now on$/.exec(why)?.[1];
}
