import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const pages = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
})
  .toString()
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(root, path)));

it("every relative link of a page leads to a file", () => {
  const links = pages.flatMap((page) => relativeLinks(page).map((link) => ({ page, link })));
  expect(links).toContainEqual({ page: "README.md", link: "docs/commands.md" });
  const broken = links.filter(({ page, link }) => !existsSync(join(root, dirname(page), link)));
  expect(broken).toEqual([]);
});

it("every heading that a page links to is there", () => {
  const broken = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)]
      .map(([, path = "", anchor = ""]) => ({ page, path, anchor }))
      .filter(({ path, anchor }) => !/^[a-z]+:/.test(path) && !anchorsOf(page, path).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

function relativeLinks(page: string): readonly string[] {
  const text = proseOf(page);
  const found = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/\b(?:src|srcset|href)="([^"\s]+)"/g)];
  return found.map(([, link = ""]) => link.replace(/#.*$/, "")).filter((link) => link !== "" && !/^[a-z]+:/.test(link));
}

function anchorsOf(page: string, path: string): readonly string[] {
  const file = path === "" ? page : join(dirname(page), path);
  const headings = existsSync(join(root, file)) ? proseOf(file).matchAll(/^#+ (.*)$/gm) : [];
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** What is quoted as code links nowhere. */
function proseOf(page: string): string {
  return readFileSync(join(root, page), "utf8")
    .replaceAll(/^\s*```[\s\S]*?^\s*```/gm, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.slice(1, -1).replaceAll(/[[\]()]/g, ""));
}
