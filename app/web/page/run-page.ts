import type { Addresses } from "#web/addresses.ts";
import { html, type Html } from "#web/html.ts";
import {
  lightOfConclusion,
  renderBadge,
  renderConclusion,
  renderSeconds,
  renderTable,
  renderTime,
} from "#web/layout.ts";
import { renderMarkdown } from "#web/markdown.ts";
import type { JobPage, LogPart, RunPage } from "#web/pages.ts";

/** A run of a workflow: what it is about, its jobs with their steps, and what they said. */
export function renderRun(run: RunPage, addresses: Addresses): Html {
  const problems = run.problems.map((problem) => html`<li class="bad">${problem}</li>`);
  const jobs = run.jobs.map((job) => {
    const address = addresses.of({ kind: "job", run: run.id, job: job.id });
    return html`<li class="${lightOfConclusion(job.conclusion)}">
      <article class="job">
        <h3>${address === undefined ? job.name : html`<a href="${address}">${job.name}</a>`}</h3>
        <p class="about">${renderConclusion(job.conclusion)} ${took(job)}</p>
        ${renderSaid(job, addresses)}
      </article>
    </li>`;
  });
  return html`<h1>${run.title} <span class="number">${run.workflow} ${run.number}</span></h1>
    ${renderAbout(run, addresses)}
    ${
      problems.length === 0
        ? undefined
        : html`<h2>It could not start</h2>
            <ul>
              ${problems}
            </ul>`
    }
    <h2>Jobs</h2>
    ${
      jobs.length === 0
        ? html`<p class="quiet">No job has begun yet.</p>`
        : html`<ol class="timeline">
            ${jobs}
          </ol>`
    }`;
}

/** One job: its steps, and its log, which grows while it runs. */
export function renderJob(job: JobPage, log: LogPart, addresses: Addresses): Html {
  const rows = job.steps.map(
    ({ number, name, conclusion, seconds }) =>
      html`<tr>
        <td class="number">${number}</td>
        <th scope="row">${name}</th>
        <td>${renderConclusion(conclusion)}</td>
        <td class="number">${seconds === undefined ? undefined : renderSeconds(seconds)}</td>
      </tr>`,
  );
  return html`<h1>${job.name}</h1>
    <p class="about">${renderConclusion(job.conclusion)} ${renderTime(job.at)} ${took(job)}</p>
    ${renderSaid(job, addresses)}
    ${
      rows.length === 0
        ? undefined
        : html`<h2>Steps</h2>
            ${renderTable("Steps", ["no.", "step", "result", "took"], rows)}`
    }
    <h2>Log</h2>
    <pre
      id="log"
      tabindex="0"
      role="region"
      aria-label="${`Log of ${job.name}`}"
      data-next="${log.next}"
      data-ended="${log.ended ? "yes" : ""}"
    >
${log.text}</pre>
    ${log.ended && log.text === "" ? html`<p class="quiet">It has written nothing.</p>` : undefined}`;
}

function renderAbout(run: RunPage, addresses: Addresses): Html {
  const pulls = run.pulls.map((number) => {
    const address = addresses.ofNumber(number);
    return address === undefined ? html` #${number}` : html` <a href="${address}">#${number}</a>`;
  });
  const attempt = run.attempt > 1 ? html` ${renderBadge("plain", `attempt ${run.attempt}`)}` : undefined;
  return html`<p class="about">
    ${renderConclusion(run.conclusion)}${attempt} ${run.event} by <strong>${run.actor}</strong> on
    <code>${run.branch}</code> at <code>${run.sha.slice(0, 7)}</code>${pulls} ${renderTime(run.at)}
  </p>`;
}

const took = (job: JobPage): Html | undefined =>
  job.seconds === undefined ? undefined : html`<span class="time">took ${renderSeconds(job.seconds)}</span>`;

/** What a job told people: annotations, and the summary that its steps wrote. */
function renderSaid(job: JobPage, addresses: Addresses): Html {
  const light = { notice: "plain", warning: "wait", failure: "bad" } as const;
  const said = job.annotations.map(
    ({ level, message }) => html`<li>${renderBadge(light[level], level)} <span>${message}</span></li>`,
  );
  return html`${
    said.length === 0
      ? undefined
      : html`<ul class="said">
          ${said}
        </ul>`
  }
  ${
    job.summary.trim() === ""
      ? undefined
      : html`<div class="card prose">${renderMarkdown(job.summary, addresses)}</div>`
  }`;
}
