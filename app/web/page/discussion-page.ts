import type { Addresses } from "#web/addresses.ts";
import { html, type Html } from "#web/html.ts";
import { renderBadge, renderConclusion, renderState, renderTime } from "#web/layout.ts";
import { paintLights } from "#web/lights.ts";
import { renderMarkdown } from "#web/markdown.ts";
import type { Acts, IssuePage, PullPage } from "#web/pages.ts";
import { renderActs } from "./acts.ts";
import { renderFiles } from "./changed-files.ts";
import { renderTimeline } from "./timeline.ts";

/** A pull request: what it wants, everything that happened to it, how it stands, and what it changes. */
export function renderPull(pull: PullPage, addresses: Addresses, acts?: Acts): Html {
  const files =
    pull.files.length === 0
      ? undefined
      : html` · <a href="#files">${pull.files.length} ${pull.files.length === 1 ? "file" : "files"} changed</a>`;
  const asked =
    pull.reviewers.length === 0 ? undefined : html`<br />A review is asked of ${pull.reviewers.join(", ")}.`;
  const about = html`<p class="about">
    ${renderState(pull.state)}${renderLabels(pull.labels)} <strong>${pull.author}</strong> wants to merge
    <code>${pull.head}</code> into <code>${pull.base}</code> ${renderTime(pull.at)}${files}${asked}
  </p>`;
  return html`${renderDiscussion(pull, about, addresses)}
    <section>${renderStanding(pull, addresses)}</section>
    <section>${acts === undefined ? undefined : renderActs(acts, pull)}</section>
    <section>${pull.files.length === 0 ? undefined : renderFiles(pull.files)}</section>`;
}

/** An issue: what it says now, and everything that happened to it. */
export function renderIssue(issue: IssuePage, addresses: Addresses, acts?: Acts): Html {
  const about = html`<p class="about">
    ${renderState(issue.state)}${renderLabels(issue.labels)} opened by <strong>${issue.author}</strong>
    ${renderTime(issue.at)}
  </p>`;
  return html`${renderDiscussion(issue, about, addresses)}
    <section>${acts === undefined ? undefined : renderActs(acts)}</section>`;
}

function renderLabels(labels: readonly string[]): Html {
  return html`${labels.map((label) => html` ${renderBadge("plain", label)}`)}`;
}

/** Sections are there also where they are empty: what stands in one keeps its place on a page that changes while it is open. */
function renderDiscussion(page: PullPage | IssuePage, about: Html, addresses: Addresses): Html {
  const body =
    page.body.trim() === ""
      ? undefined
      : html`<h2 class="unseen">Description</h2>
          <article class="card prose">${renderMarkdown(page.body, addresses)}</article>`;
  return html`<h1>${page.title} <span class="number">#${page.number}</span></h1>
    ${about}
    <section>${body}</section>
    <section>
      <h2>What happened</h2>
      ${renderTimeline(page.happenings, addresses)}
    </section>`;
}

/** The checks of the head, and whether it can be merged. */
function renderStanding({ checks, merging, headSha }: PullPage, addresses: Addresses): Html {
  const rows = checks.map(({ name, conclusion, title, required, target }) => {
    const address = target === undefined ? undefined : addresses.of(target);
    return html`<li>
      ${renderConclusion(conclusion)} ${address === undefined ? name : html`<a href="${address}">${name}</a>`}
      ${required ? html`<span class="quiet">required</span>` : undefined}
      <span class="quiet">${paintLights(html`${title}`)}</span>
    </li>`;
  });
  const list = html`<h2>Checks of <code>${headSha.slice(0, 7)}</code></h2>
    <ul class="list">
      ${rows}
    </ul>`;
  const merge = merging === undefined ? undefined : html`<p class="merging ${merging.light}">${merging.text}</p>`;
  return html`${rows.length === 0 ? undefined : list} ${merge}`;
}
