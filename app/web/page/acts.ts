import { html, type Html } from "#web/html.ts";
import type { Acts, PullPage } from "#web/pages.ts";

const methods = { merge: "with a merge commit", squash: "as one commit", rebase: "commit by commit" } as const;

/** What a person may do here, as one form. `pull`: what is merged or reviewed is the head that the page shows. */
export function renderActs(acts: Acts, pull?: PullPage): Html {
  const button = (act: string, text: string): Html =>
    html`<button type="submit" name="act" value="${act}">${text}</button> `;
  const people = acts.people.map((login) => html`<option>${login}</option>`);
  const merge = html`<p class="row">
    <label for="method">Merge</label>
    <select id="method" name="method">
      ${acts.merge.map((method) => html`<option value="${method}">${methods[method]}</option>`)}
    </select>
    ${button("merge", "Merge")}
  </p>`;
  return html`<h2>Take part</h2>
    <form class="acts" method="post" action="${acts.address}">
      ${pull === undefined ? undefined : html`<input type="hidden" name="sha" value="${pull.headSha}" />`}
      <p class="row">
        <label for="as">As</label>
        <select id="as" name="as">
          ${people}
        </select>
      </p>
      <p>
        <label for="body">Comment, in Markdown</label>
        <textarea id="body" name="body" rows="4" maxlength="65536"></textarea>
      </p>
      <p class="row">
        ${button("comment", "Comment")}
        ${acts.canReview ? html`${button("approve", "Approve")}${button("refuse", "Request changes")}` : undefined}
        ${acts.canClose ? button("close", "Close") : undefined}
        ${acts.canReopen ? button("reopen", "Reopen") : undefined}
        ${acts.canRevert ? button("revert", "Revert") : undefined}
      </p>
      ${acts.merge.length === 0 ? undefined : merge}
    </form>`;
}
