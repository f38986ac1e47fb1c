import { createHash } from "node:crypto";
import { html, Html } from "./html.ts";
import type { Conclusion, IssuePage, Light, PullPage } from "./pages.ts";
import { style } from "./style.ts";

const policy = `default-src 'none'; style-src-elem 'sha256-${createHash("sha256").update(style).digest("base64")}'; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'`;

// its hash stands in the policy, so nothing may be put around it
const styleElement = new Html(`<style>${style}</style>`);

/** A whole page: nothing is loaded from anywhere, nothing runs, light or dark as the reader's system says. */
export function renderPage(page: { title: string; site: string; isFront: boolean; body: Html }): string {
  const trail = page.isFront
    ? html``
    : html`<nav aria-label="Breadcrumb">
        <a href="index.html">${page.site}</a> <span aria-hidden="true">/</span>
        <span aria-current="page">${page.title}</span>
      </nav>`;
  const title = page.isFront ? page.site : `${page.title} · ${page.site}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <header class="top">${trail}</header>
        <main id="main">${page.body}</main>
        <footer>Made by Trainyard from what lies in the repository.</footer>
      </body>
    </html> `.text;
}

/** "3 Jan 2024, 04:05 UTC" with the exact time behind it; what is no time is shown as it stands. */
export function renderTime(at: string): Html {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return html`<span class="time">${at}</span>`;
  const day = `${time.getUTCDate()} ${months[time.getUTCMonth()]} ${time.getUTCFullYear()}`;
  return html`<time class="time" datetime="${time.toISOString()}"
    >${day}, ${time.toISOString().slice(11, 16)} UTC</time
  >`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A word with a colour: never the colour alone. */
export function renderBadge(light: Light, text: string): Html {
  return html`<span class="badge ${light}">${text}</span>`;
}

export const conclusions: Readonly<Record<Conclusion, { light: Light; text: string }>> = {
  success: { light: "good", text: "success" },
  failure: { light: "bad", text: "failure" },
  action_required: { light: "wait", text: "waits for people" },
  neutral: { light: "plain", text: "neutral" },
  in_progress: { light: "wait", text: "running" },
};

/** The state of a pull request or an issue. */
export function renderState(state: PullPage["state"] | IssuePage["state"]): Html {
  return renderBadge(state === "merged" ? "good" : state === "open" ? "wait" : "plain", state);
}
