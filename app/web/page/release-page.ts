import type { Addresses } from "./addresses.ts";
import { html, type Html } from "./html.ts";
import { renderBadge, renderTime } from "./layout.ts";
import { renderMarkdown } from "./markdown.ts";
import type { ReleasePage } from "./pages.ts";

/** A version: where it stands, what it says of itself, and every file with its digest. */
export function renderRelease(release: ReleasePage, addresses: Addresses): Html {
  const stages = release.stages.map((stage) => html`${renderBadge("good", stage)} `);
  const rows = release.assets.map(
    ({ name, size, sha256 }) =>
      html`<tr>
        <td><code>${name}</code></td>
        <td class="number">${formatSize(size)}</td>
        <td><code class="digest">${sha256 ?? "—"}</code></td>
      </tr>`,
  );
  return html`<h1>${release.title}</h1>
    <p class="about">
      ${stages}tag <code>${release.tag}</code> on <code>${release.commit.slice(0, 7)}</code> ${renderTime(release.at)}
    </p>
    <article class="card prose">${renderMarkdown(release.body, addresses)}</article>
    <h2>Files</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Files of the release">
      <table>
        <thead>
          <tr>
            <th scope="col">file</th>
            <th scope="col">size</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function formatSize(bytes: number): string {
  return `${bytes.toLocaleString("en-GB")} bytes`;
}
