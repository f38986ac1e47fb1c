import type { Addresses } from "#web/addresses.ts";
import { html, type Html } from "#web/html.ts";
import { renderBadge, renderConclusion, renderState, renderTable, renderTime } from "#web/layout.ts";
import { renderMarkdown } from "#web/markdown.ts";
import type { Front, Row, StageRow, StoryStep } from "#web/pages.ts";

/** The front page: the story from top to bottom, what stands where, then everything there is by kind. */
export function renderFront(front: Front, addresses: Addresses): Html {
  const facts = front.facts.map(
    ({ label, value }) =>
      html`<div>
        <dt>${label}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  const story = html`<h2>The story</h2>
    <ol class="timeline story">
      ${front.story.map((step) => html`<li class="${step.light}">${renderStep(step, addresses)}</li>`)}
    </ol>`;
  return html`<h1>${front.title}</h1>
    <p class="lead">${front.lead}</p>
    ${facts.length === 0 ? undefined : html`<dl class="facts">${facts}</dl>`}
    ${front.story.length === 0 ? undefined : story} ${renderStages(front.stages, addresses)}
    ${renderLists(front, addresses)}`;
}

function renderStep({ at, light, label, title, text, target }: StoryStep, addresses: Addresses): Html {
  return html`<article>
    <header>${renderBadge(light, label)} ${renderTime(at)}</header>
    <h3>${renderLink(target === undefined ? undefined : addresses.of(target), title)}</h3>
    <div class="prose">${renderMarkdown(text, addresses)}</div>
  </article>`;
}

function renderStages(stages: readonly StageRow[], addresses: Addresses): Html | undefined {
  if (stages.length === 0) return undefined;
  const rows = stages.map(({ model, stage, standing, problem }) => {
    const version =
      standing === undefined
        ? html`<span class="quiet">${problem ?? "nothing yet"}</span>`
        : renderLink(addresses.of({ kind: "release", tag: standing.tag }), standing.version);
    const pull = standing?.pull === undefined ? undefined : addresses.ofNumber(standing.pull);
    const by = pull === undefined ? undefined : html`${renderLink(pull, `#${standing?.pull ?? ""}`)} `;
    return html`<tr>
      <th scope="row">${model}</th>
      <td>${stage}</td>
      <td>${version}</td>
      <td>${standing === undefined ? undefined : renderTime(standing.since)}</td>
      <td>${by}${standing?.why}</td>
    </tr>`;
  });
  return html`<h2>What stands where</h2>
    ${renderTable("What stands where", ["model", "stage", "version", "since", "because"], rows)}`;
}

function renderLists({ pulls, issues, releases, runs }: Front, addresses: Addresses): Html {
  return html`${renderList(
    "Pull requests",
    openFirst(pulls).map((pull) => renderNumbered(pull, renderState(pull.state), addresses)),
  )}
  ${renderList(
    "Issues",
    openFirst(issues).map((issue) => {
      const labels = issue.labels.map((label) => html` ${renderBadge("plain", label)}`);
      return renderNumbered(issue, html`${renderState(issue.state)}${labels}`, addresses);
    }),
  )}
  ${renderList(
    "Releases",
    releases.map(({ tag, title, stages, at }) => {
      const badges = stages.map((stage) => html`${renderBadge("good", stage)} `);
      return renderRow(addresses.of({ kind: "release", tag }), title, html`${badges}`, at);
    }),
  )}
  ${renderList(
    "Runs",
    runs.map(({ id, title, workflow, event, branch, conclusion, at }) => {
      const about = html`${renderConclusion(conclusion)} <span class="quiet">${workflow}, ${event} on ${branch}</span>`;
      return renderRow(addresses.of({ kind: "run", run: id }), title, about, at);
    }),
  )}`;
}

/** What is open, then what is not; the newest first. */
function openFirst<T extends Row<string>>(rows: readonly T[]): readonly T[] {
  const isOpen = ({ state }: T): number => (state === "open" || state === "draft" ? 1 : 0);
  return rows.toSorted((a, b) => isOpen(b) - isOpen(a) || b.number - a.number);
}

function renderList(title: string, rows: readonly Html[]): Html | undefined {
  return rows.length === 0
    ? undefined
    : html`<h2>${title}</h2>
        <ul class="list">
          ${rows}
        </ul>`;
}

function renderNumbered({ number, title, at }: Row<string>, badges: Html, addresses: Addresses): Html {
  return renderRow(addresses.ofNumber(number), `${title} #${number}`, badges, at);
}

function renderRow(address: string | undefined, title: string, badges: Html, at: string): Html {
  return html`<li>${renderLink(address, title)} ${badges} ${renderTime(at)}</li>`;
}

function renderLink(address: string | undefined, text: string): Html {
  return address === undefined ? html`<span>${text}</span>` : html`<a href="${address}">${text}</a>`;
}
