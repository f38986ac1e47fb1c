import type { Site, Target } from "./pages.ts";

/** Where pages are, made of nothing a stranger could steer; undefined where there is no such page. */
export type Addresses = { of(target: Target): string | undefined; ofNumber(number: number): string | undefined };

/** Gives every page of a site in a folder its file name. */
export function findAddresses(site: Site): Addresses {
  const numbers = new Map<number, string>();
  for (const { number } of site.issues) numbers.set(number, `issue-${Math.trunc(number)}.html`);
  for (const { number } of site.pulls) numbers.set(number, `pull-${Math.trunc(number)}.html`);
  const tags = new Map(site.releases.map(({ tag }, index) => [tag, `release-${index + 1}-${slug(tag)}.html`]));
  return {
    of(target) {
      switch (target.kind) {
        case "pull":
        case "issue":
          return numbers.get(target.number);
        case "release":
          return tags.get(target.tag);
        case "run":
        case "job":
          return undefined;
      }
    },
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

/** The pages of a repository on a running sandbox, where GitHub has them. `kind` tells what a number is. */
export function liveAddresses(
  repository: string,
  kind: (number: number) => "pull" | "issue" | undefined,
  hasRelease: (tag: string) => boolean,
): Addresses {
  const base = `/${repository.split("/").map(encodeURIComponent).join("/")}`;
  const ofNumber = (number: number): string | undefined => {
    const found = kind(number);
    if (found === undefined) return undefined;
    return `${base}/${found === "pull" ? "pull" : "issues"}/${Math.trunc(number)}`;
  };
  return {
    of(target) {
      switch (target.kind) {
        case "pull":
        case "issue":
          return ofNumber(target.number);
        case "release":
          return hasRelease(target.tag)
            ? `${base}/releases/tag/${target.tag.split("/").map(encodeURIComponent).join("/")}`
            : undefined;
        case "run":
          return `${base}/actions/runs/${Math.trunc(target.run)}`;
        case "job":
          return `${base}/actions/runs/${Math.trunc(target.run)}/job/${Math.trunc(target.job)}`;
      }
    },
    ofNumber,
  };
}
