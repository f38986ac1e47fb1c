import type { Addresses } from "#web/addresses.ts";
import { html, type Html } from "#web/html.ts";
import { renderBadge, renderTable, renderTime } from "#web/layout.ts";
import { renderMarkdown } from "#web/markdown.ts";
import type { ReleasePage } from "#web/pages.ts";

/** A version: where it stands, what it says of itself, and every file with its digest. */
export function renderRelease(release: ReleasePage, addresses: Addresses): Html {
  const stages = release.stages.map((stage) => html`${renderBadge("good", stage)} `);
  const rows = release.assets.map(
    ({ name, size, sha256, address }) =>
      html`<tr>
        <th scope="row">
          ${address === undefined ? html`<code>${name}</code>` : html`<a href="${address}"><code>${name}</code></a>`}
        </th>
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
    ${renderTable("Files of the release", ["file", "size", "SHA-256"], rows)}`;
}

function formatSize(bytes: number): string {
  return `${bytes.toLocaleString("en-GB")} bytes`;
}
