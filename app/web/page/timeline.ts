import { html, type Html } from "./html.ts";
import type { Addresses } from "./addresses.ts";
import { conclusions, renderBadge, renderTime } from "./layout.ts";
import { paintLights } from "./lights.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Happening, Light } from "./pages.ts";

/** What happened, in order, as a list. */
export function renderTimeline(happenings: readonly Happening[], addresses: Addresses): Html {
  if (happenings.length === 0) return html`<p class="quiet">Nothing has happened here yet.</p>`;
  return html`<ol class="timeline">
    ${happenings.map((happening) => html`<li class="${lightOf(happening)}">${renderHappening(happening, addresses)}</li>`)}
  </ol>`;
}

function lightOf(happening: Happening): Light {
  if (happening.kind === "note") return happening.light;
  return happening.kind === "check" ? conclusions[happening.conclusion].light : "plain";
}

function renderHappening(happening: Happening, addresses: Addresses): Html {
  switch (happening.kind) {
    case "comment":
      return html`<article class="card">
        <header><strong>${happening.author}</strong> commented ${renderTime(happening.at)}</header>
        <div class="prose">${renderMarkdown(happening.body, addresses)}</div>
      </article>`;
    case "commit":
      return html`<p class="line">
        <code>${happening.sha.slice(0, 7)}</code> <span>${firstLine(happening.message)}</span>
        <span class="quiet">by ${happening.author}</span> ${renderTime(happening.at)}
      </p>`;
    case "check":
      return renderCheck(happening, addresses);
    case "note":
      return html`<p class="line"><span>${happening.text}</span> ${renderTime(happening.at)}</p>`;
  }
}

function renderCheck(check: Extract<Happening, { kind: "check" }>, addresses: Addresses): Html {
  const { light, text } = conclusions[check.conclusion];
  const head = html`${renderBadge(light, text)} <strong>${check.name}</strong>
    <span>${paintLights(html`${check.title}`)}</span> ${renderTime(check.at)}`;
  if (check.summary.trim() === "") return html`<p class="line">${head}</p>`;
  return html`<details class="check">
    <summary>${head}</summary>
    <div class="prose">${renderMarkdown(check.summary, addresses)}</div>
  </details>`;
}

const firstLine = (message: string): string => message.split("\n", 1)[0]?.slice(0, 200) ?? "";
