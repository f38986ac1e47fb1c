/** Who a commit or tag is by. */
export type Person = { name: string; email: string };

export const trainyardItself: Person = { name: "trainyard", email: "trainyard@users.noreply.github.com" };

/** `name <email> seconds zone`, in UTC, with what git cannot store left out. */
export function personLine(person: Person, at: Date): string {
  const clean = (text: string): string => text.replace(/[<>\n\0]/g, "").trim();
  return `${clean(person.name)} <${clean(person.email)}> ${Math.floor(at.getTime() / 1_000)} +0000`;
}
