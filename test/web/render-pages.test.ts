import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { composePages, renderPages } from "#web/render-pages.ts";
import { style } from "#web/style.ts";
import { hostile } from "#test/core/message/report-fixture.ts";
import { site } from "./site-fixture.ts";

it("renderPages() writes the front page and one page each for pull requests, issues and releases", async () => {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-pages-"));
  try {
    const index = await renderPages(site(), join(folder, "a", "b"));
    expect(readdirSync(join(folder, "a", "b")).toSorted()).toEqual([
      "index.html",
      "issue-4.html",
      "pull-2.html",
      "pull-3.html",
      "release-1-recommender-v1.1.0.html",
    ]);
    expect(readFileSync(index, "utf8")).toContain("<h1>acme/groceries</h1>");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it("every link between the pages leads to a page, and nothing is loaded from elsewhere", () => {
  const pages = composePages(site());
  for (const [name, text] of pages) {
    for (const [, href = ""] of text.matchAll(/href="([^"#]+)"/g))
      expect(pages.has(href), `${name}: ${href}`).toBe(true);
    expect(text).not.toMatch(/\ssrc=|@import|url\(|<script|<link/);
  }
});

it("every page tells readers and programs what it is", () => {
  for (const [name, text] of composePages(site())) {
    expect(text, name).toMatch(/<html lang="en">/);
    expect(text.match(/<h1>/g), name).toHaveLength(1);
    expect(text, name).toMatch(/<main id="main">/);
    expect(text, name).toMatch(/<title>[^<]+<\/title>/);
    expect(text.includes(`<style>${style}</style>`), name).toBe(true);
    expect(text.includes("default-src &#39;none&#39;"), name).toBe(true);
  }
});

it("a page with nothing on it says so", () => {
  const empty = composePages(
    site({
      facts: [],
      story: [],
      stages: [],
      pulls: [{ ...site().pulls[0]!, body: " ", happenings: [] }],
      issues: [],
      releases: [],
    }),
  );
  expect(empty.get("pull-2.html")).toContain("Nothing has happened here yet");
  expect(empty.get("index.html")).not.toContain("<h2>Issues</h2>");
});

it.for(hostile)("no page lets %j be more than text", (text) => {
  const at = text;
  const plain = composePages(
    site({
      title: text,
      lead: text,
      facts: [{ label: text, value: text }],
      story: [{ at, light: "good", label: text, title: text, text, target: { kind: "release", tag: text } }],
      pulls: [
        {
          number: 2,
          title: text,
          author: text,
          state: "open",
          labels: [text],
          reviewers: [text],
          head: text,
          headSha: text,
          base: text,
          checks: [
            { name: text, conclusion: "failure", title: text, required: true, target: { kind: "release", tag: text } },
          ],
          merging: { light: "bad", text },
          files: [
            { path: text, before: text, status: text, additions: 1, deletions: 1, patch: `@@ ${text}\n+${text}` },
            { path: text, before: undefined, status: text, additions: 0, deletions: 0, patch: undefined },
          ],
          at,
          body: text,
          happenings: [
            { kind: "commit", at, sha: text, message: text, author: text },
            { kind: "check", at, name: text, conclusion: "failure", title: text, summary: text },
            { kind: "comment", at, author: text, body: text },
            { kind: "review", at, author: text, says: "changes", sha: text, body: text },
            { kind: "note", at, light: "bad", text },
          ],
        },
      ],
      issues: [{ number: 4, title: text, author: text, state: "open", labels: [text], at, body: text, happenings: [] }],
      releases: [
        {
          tag: text,
          title: text,
          at,
          commit: text,
          body: text,
          stages: [text],
          assets: [{ name: text, size: 1, sha256: text, address: undefined }],
        },
      ],
      stages: [
        {
          model: text,
          stage: text,
          standing: { version: text, tag: text, since: at, pull: 2, why: text },
          problem: undefined,
        },
        { model: text, stage: text, standing: undefined, problem: text },
      ],
      runs: [{ id: 5, title: text, workflow: text, event: text, branch: text, conclusion: "failure", at }],
    }),
  );
  expect([...plain.keys()].every((name) => /^[a-zA-Z0-9.-]{1,90}\.html$/.test(name))).toBe(true);
  for (const page of plain.values()) {
    const body = page.slice(page.indexOf("<body>"));
    expect(body).not.toMatch(/<(?:script|img|svg|iframe|form|style)\b/i);
    expect(body).not.toMatch(/href="(?!(?:index|pull-2|issue-4|release-1-[^"]*)\.html"|#main"|#files")/);
    expect(page.indexOf("</main>")).toBe(page.lastIndexOf("</main>"));
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  }
});
