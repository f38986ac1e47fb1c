import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findAddresses } from "./addresses.ts";
import { renderIssue, renderPull } from "./discussion-page.ts";
import { renderFront } from "./front-page.ts";
import type { Html } from "./html.ts";
import { renderPage } from "./layout.ts";
import type { Site } from "./pages.ts";
import { renderRelease } from "./release-page.ts";

/** Every page of a site by file name; `index.html` tells the story. Pure. */
export function composePages(site: Site): ReadonlyMap<string, string> {
  const addresses = findAddresses(site);
  const pages = new Map<string, string>();
  const add = (address: string | undefined, title: string, body: Html): void => {
    if (address !== undefined) pages.set(address, renderPage({ title, site: site.title, isFront: false, body }));
  };
  pages.set(
    "index.html",
    renderPage({ title: site.title, site: site.title, isFront: true, body: renderFront(site, addresses) }),
  );
  for (const issue of site.issues) add(addresses.ofNumber(issue.number), issue.title, renderIssue(issue, addresses));
  for (const pull of site.pulls) add(addresses.ofNumber(pull.number), pull.title, renderPull(pull, addresses));
  for (const release of site.releases) {
    add(addresses.of({ kind: "release", tag: release.tag }), release.title, renderRelease(release, addresses));
  }
  return pages;
}

/** Writes the pages into a folder, which is made if it is missing, and returns the path of `index.html`. */
export async function renderPages(site: Site, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await Promise.all([...composePages(site)].map(([name, text]) => writeFile(join(folder, name), text)));
  return join(folder, "index.html");
}
