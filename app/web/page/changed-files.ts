import { html, type Html } from "#web/html.ts";
import type { ChangedFile } from "#web/pages.ts";

/** lines shown of one file, of all files, and how long a line may be: data files change by the hundred thousand */
const [mostOfFile, mostOfAll, longest] = [300, 3_000, 400];

/** The files that a pull request changes, with what changes in them; long ones are cut, and say so. */
export function renderFiles(files: readonly ChangedFile[]): Html {
  let left = mostOfAll;
  const shown = files.map((file) => {
    const lines = file.patch?.split("\n");
    const taken = lines?.slice(0, Math.min(mostOfFile, left));
    left -= taken?.length ?? 0;
    const cut = (lines?.length ?? 0) - (taken?.length ?? 0);
    return html`<li>${renderFile(file, taken, cut, files.length <= 12)}</li>`;
  });
  const sum = (of: "additions" | "deletions"): number => files.reduce((total, file) => total + file[of], 0);
  return html`<h2 id="files">
      Files changed <span class="number">${files.length}</span> ${renderCounts(sum("additions"), sum("deletions"))}
    </h2>
    <ul class="files">
      ${shown}
    </ul>`;
}

function renderFile(file: ChangedFile, lines: readonly string[] | undefined, cut: number, isFew: boolean): Html {
  const name = file.before === undefined ? file.path : `${file.before} → ${file.path}`;
  const head = html`<code>${name}</code>
    <span class="quiet">${file.status}</span> ${renderCounts(file.additions, file.deletions)}`;
  if (lines === undefined || lines.length === 0) {
    const why = file.additions + file.deletions > 0 ? "too much to show" : "nothing to show line by line";
    return html`<p class="file">${head} <span class="quiet">${why}</span></p>`;
  }
  const rest = html`<p class="quiet">${cut.toLocaleString("en-GB")} more lines are not shown.</p>`;
  const isOpen = isFew && lines.length <= 120 ? " open" : "";
  return html`<details class="file" ${isOpen}>
    <summary>${head}</summary>
    <pre class="diff" tabindex="0" role="region" aria-label="${`Changes in ${file.path}`}">
${lines.map(
        (line) =>
          html`<span class="${kindOf(line)}">${line.slice(0, longest)}${line.length > longest ? " …" : ""} </span>`,
      )}</pre>
    ${cut > 0 ? rest : undefined}
  </details>`;
}

function kindOf(line: string): string {
  if (line.startsWith("@@")) return "hunk";
  return line.startsWith("+") ? "add" : line.startsWith("-") ? "cut" : "same";
}

function renderCounts(additions: number, deletions: number): Html {
  return html`<span class="counts"
    ><span class="good">+${additions.toLocaleString("en-GB")}</span>
    <span class="bad">−${deletions.toLocaleString("en-GB")}</span></span
  >`;
}
