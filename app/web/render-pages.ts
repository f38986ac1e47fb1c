import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findAddresses } from "./addresses.ts";
import { renderIssue, renderPull } from "#web/page/discussion-page.ts";
import { renderFront } from "#web/page/front-page.ts";
import type { Html } from "./html.ts";
import { renderPage } from "./layout.ts";
import type { Site } from "./pages.ts";
import { renderRelease } from "#web/page/release-page.ts";

/** Every page of a site by file name; `index.html` tells the story. Pure. */
export function composePages(site: Site): ReadonlyMap<string, string> {
  const addresses = findAddresses(site);
  const pages = new Map<string, string>();
  const footer = "Made by Trainyard from what lies in the repository.";
  const front = { title: site.title, trail: [], body: renderFront(site, addresses), footer, live: false };
  pages.set("index.html", renderPage(front));
  const trail = [{ title: site.title, address: "index.html" }];
  const add = (address: string | undefined, title: string, body: Html): void => {
    if (address !== undefined) pages.set(address, renderPage({ title, trail, body, footer, live: false }));
  };
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
