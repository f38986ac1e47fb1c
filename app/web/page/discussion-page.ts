import type { Addresses } from "./addresses.ts";
import { html, type Html } from "./html.ts";
import { renderBadge, renderState, renderTime } from "./layout.ts";
import { renderMarkdown } from "./markdown.ts";
import type { IssuePage, PullPage } from "./pages.ts";
import { renderTimeline } from "./timeline.ts";

/** A pull request: what it wants, and everything that happened to it. */
export function renderPull(pull: PullPage, addresses: Addresses): Html {
  const about = html`<p class="about">
    ${renderState(pull.state)} <strong>${pull.author}</strong> wants to merge <code>${pull.head}</code> into
    <code>${pull.base}</code> ${renderTime(pull.at)}
  </p>`;
  return renderDiscussion(pull, about, addresses);
}

/** An issue: what it says now, and everything that happened to it. */
export function renderIssue(issue: IssuePage, addresses: Addresses): Html {
  const labels = issue.labels.map((label) => html` ${renderBadge("plain", label)}`);
  const about = html`<p class="about">
    ${renderState(issue.state)}${labels} opened by <strong>${issue.author}</strong> ${renderTime(issue.at)}
  </p>`;
  return renderDiscussion(issue, about, addresses);
}

function renderDiscussion(page: PullPage | IssuePage, about: Html, addresses: Addresses): Html {
  const body =
    page.body.trim() === ""
      ? undefined
      : html`<article class="card prose">${renderMarkdown(page.body, addresses)}</article>`;
  return html`<h1>${page.title} <span class="number">#${page.number}</span></h1>
    ${about} ${body}
    <h2>What happened</h2>
    ${renderTimeline(page.happenings, addresses)}`;
}
