import type { Addresses } from "./addresses.ts";
import { html, type Html } from "./html.ts";
import { renderBadge, renderState, renderTime } from "./layout.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Site, StoryStep } from "./pages.ts";

/** The front page: the story from top to bottom, then everything there is by kind. */
export function renderFront(site: Site, addresses: Addresses): Html {
  const facts = site.facts.map(
    ({ label, value }) =>
      html`<div>
        <dt>${label}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  return html`<h1>${site.title}</h1>
    <p class="lead">${site.lead}</p>
    ${facts.length === 0 ? undefined : html`<dl class="facts">${facts}</dl>`}
    <h2>The story</h2>
    <ol class="timeline story">
      ${site.story.map((step) => html`<li class="${step.light}">${renderStep(step, addresses)}</li>`)}
    </ol>
    ${renderLists(site, addresses)}`;
}

function renderStep({ at, light, label, title, text, target }: StoryStep, addresses: Addresses): Html {
  const address = target === undefined ? undefined : addresses.of(target);
  const heading = address === undefined ? html`${title}` : html`<a href="${address}">${title}</a>`;
  return html`<article>
    <header>${renderBadge(light, label)} ${renderTime(at)}</header>
    <h3>${heading}</h3>
    <div class="prose">${renderMarkdown(text, addresses)}</div>
  </article>`;
}

function renderLists(site: Site, addresses: Addresses): Html {
  const pulls = site.pulls.map((pull) =>
    renderRow(addresses.ofNumber(pull.number), `${pull.title} #${pull.number}`, renderState(pull.state), pull.at),
  );
  const issues = site.issues.map((issue) =>
    renderRow(addresses.ofNumber(issue.number), `${issue.title} #${issue.number}`, renderState(issue.state), issue.at),
  );
  const releases = site.releases.map((release) =>
    renderRow(
      addresses.of({ kind: "release", tag: release.tag }),
      release.title,
      html`${release.stages.map((stage) => renderBadge("good", stage))}`,
      release.at,
    ),
  );
  return html`${renderList("Pull requests", pulls)}${renderList("Issues", issues)}${renderList("Releases", releases)}`;
}

function renderList(title: string, rows: readonly Html[]): Html | undefined {
  return rows.length === 0
    ? undefined
    : html`<h2>${title}</h2>
        <ul class="list">
          ${rows}
        </ul>`;
}

function renderRow(address: string | undefined, title: string, badges: Html, at: string): Html {
  const name = address === undefined ? html`<span>${title}</span>` : html`<a href="${address}">${title}</a>`;
  return html`<li>${name} ${badges} ${renderTime(at)}</li>`;
}
