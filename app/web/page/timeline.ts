import { html, type Html } from "#web/html.ts";
import type { Addresses } from "#web/addresses.ts";
import { lightOfConclusion, renderConclusion, renderTime } from "#web/layout.ts";
import { paintLights } from "#web/lights.ts";
import { renderMarkdown } from "#web/markdown.ts";
import type { Happening, Light } from "#web/pages.ts";

/** What happened, in order, as a list. */
export function renderTimeline(happenings: readonly Happening[], addresses: Addresses): Html {
  if (happenings.length === 0) return html`<p class="quiet">Nothing has happened here yet.</p>`;
  return html`<ol class="timeline">
    ${happenings.map((happening) => html`<li class="${lightOf(happening)}">${renderHappening(happening, addresses)}</li>`)}
  </ol>`;
}

const reviews = {
  approved: { light: "good", text: "approved" },
  changes: { light: "bad", text: "asked for changes on" },
  commented: { light: "plain", text: "commented on" },
} as const;

function lightOf(happening: Happening): Light {
  if (happening.kind === "note") return happening.light;
  if (happening.kind === "review") return reviews[happening.says].light;
  return happening.kind === "check" ? lightOfConclusion(happening.conclusion) : "plain";
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
    case "review":
      return renderReview(happening, addresses);
    case "check":
      return renderCheck(happening, addresses);
    case "note":
      return html`<p class="line"><span>${happening.text}</span> ${renderTime(happening.at)}</p>`;
  }
}

function renderReview(review: Extract<Happening, { kind: "review" }>, addresses: Addresses): Html {
  const head = html`<strong>${review.author}</strong> ${reviews[review.says].text}
    <code>${review.sha.slice(0, 7)}</code> ${renderTime(review.at)}`;
  if (review.body.trim() === "") return html`<p class="line">${head}</p>`;
  return html`<article class="card">
    <header>${head}</header>
    <div class="prose">${renderMarkdown(review.body, addresses)}</div>
  </article>`;
}

function renderCheck(check: Extract<Happening, { kind: "check" }>, addresses: Addresses): Html {
  const head = html`${renderConclusion(check.conclusion)} <strong>${check.name}</strong>
    <span>${paintLights(html`${check.title}`)}</span> ${renderTime(check.at)}`;
  if (check.summary.trim() === "") return html`<p class="line">${head}</p>`;
  return html`<details class="check">
    <summary>${head}</summary>
    <div class="prose">${renderMarkdown(check.summary, addresses)}</div>
  </details>`;
}

const firstLine = (message: string): string => message.split("\n", 1)[0]?.slice(0, 200) ?? "";
