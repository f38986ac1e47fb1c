import type { Site, Target } from "./pages.ts";

/** File names of the pages, made of nothing a stranger could steer; undefined where there is no such page. */
export type Addresses = { of(target: Target): string | undefined; ofNumber(number: number): string | undefined };

/** Gives every page of a site its file name. */
export function findAddresses(site: Site): Addresses {
  const numbers = new Map<number, string>();
  for (const { number } of site.issues) numbers.set(number, `issue-${Math.trunc(number)}.html`);
  for (const { number } of site.pulls) numbers.set(number, `pull-${Math.trunc(number)}.html`);
  const tags = new Map(site.releases.map(({ tag }, index) => [tag, `release-${index + 1}-${slug(tag)}.html`]));
  return {
    of: (target) => (target.kind === "release" ? tags.get(target.tag) : numbers.get(target.number)),
    ofNumber: (number) => numbers.get(number),
  };
}

function slug(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9.]+/g, "-")
      .replace(/^[-.]+|[-.]+$/g, "")
      .slice(0, 60) || "release"
  );
}
