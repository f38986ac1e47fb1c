import { createHash } from "node:crypto";
import { html, Html } from "./html.ts";
import { liveScript } from "./live-script.ts";
import type { Conclusion, IssuePage, Light, PullPage } from "./pages.ts";
import { style } from "./style.ts";

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const looks = `default-src 'none'; style-src ${hashOf(style)}; base-uri 'none'`;
const policy = `${looks}; form-action 'none'`;

/** What a page of a running sandbox may do, as a header: its own script and style, its own server, nobody's frame. */
export const livePolicy = `${looks}; script-src ${hashOf(liveScript)}; connect-src 'self'; form-action 'self'; frame-ancestors 'none'`;

// their hashes stand in the policies, so nothing may be put around them
const styleElement = new Html(`<style>${style}</style>`);
const scriptElement = new Html(`<script>${liveScript}</script>`);

export type Page = {
  title: string;
  /** the pages above this one, outermost first */
  trail: readonly { title: string; address: string }[];
  body: Html;
  footer: string;
  /** it is asked again while it is open; its policy comes as a header then */
  live: boolean;
};

/** A whole page: nothing is loaded from elsewhere, only our own script runs, light or dark as the reader's system says. */
export function renderPage({ title, trail, body, footer, live }: Page): string {
  const crumbs = trail.map(
    (crumb) => html`<a href="${crumb.address}">${crumb.title}</a> <span aria-hidden="true">/</span> `,
  );
  const meta = live ? undefined : html`<meta http-equiv="Content-Security-Policy" content="${policy}" />`;
  const status = html`<p class="state" role="status" id="state"></p>
    <noscript><p class="state">Load this page again to see what is new.</p></noscript>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        ${meta}
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="same-origin" />
        <title>${[title, ...trail.map((crumb) => crumb.title).toReversed()].join(" · ")}</title>
        ${styleElement}
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <header class="top">
          ${
            crumbs.length === 0
              ? undefined
              : html`<nav aria-label="Breadcrumb">${crumbs}<span aria-current="page">${title}</span></nav>`
          }
          ${live ? status : undefined}
        </header>
        <main id="main">${body}</main>
        <footer>${footer}</footer>
        ${live ? scriptElement : undefined}
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

const conclusions: Readonly<Record<Conclusion, { light: Light; text: string }>> = {
  success: { light: "good", text: "success" },
  failure: { light: "bad", text: "failure" },
  timed_out: { light: "bad", text: "timed out" },
  action_required: { light: "wait", text: "waits for people" },
  neutral: { light: "plain", text: "neutral" },
  cancelled: { light: "plain", text: "cancelled" },
  skipped: { light: "plain", text: "skipped" },
  stale: { light: "plain", text: "stale" },
  in_progress: { light: "wait", text: "running" },
  queued: { light: "wait", text: "queued" },
  waiting: { light: "wait", text: "waiting" },
};

export const lightOfConclusion = (conclusion: Conclusion): Light => conclusions[conclusion].light;

/** How a check, a run, a job or a step stands. */
export function renderConclusion(conclusion: Conclusion): Html {
  const { light, text } = conclusions[conclusion];
  return renderBadge(light, text);
}

/** The state of a pull request or an issue. */
export function renderState(state: PullPage["state"] | IssuePage["state"]): Html {
  return renderBadge(state === "merged" ? "good" : state === "open" ? "wait" : "plain", state);
}

/** "0.4 s", "1 min 5 s". */
export function renderSeconds(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A wide table in a box of its own that scrolls, which a keyboard can reach. `name` says what it is of. */
export function renderTable(name: string, columns: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
