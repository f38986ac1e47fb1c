import { randomUUID } from "node:crypto";
import MarkdownIt from "markdown-it";
import sanitize from "sanitize-html";
import type { Addresses } from "./addresses.ts";
import { drawChart, readChart, type Chart } from "./chart.ts";
import { Html } from "./html.ts";
import { paintLights } from "./lights.ts";

const markdown = new MarkdownIt({ html: true, linkify: false });
// a wide table scrolls in its own box, which a keyboard can reach
markdown.renderer.rules["table_open"] = () =>
  '<div class="scroll" tabindex="0" role="region" aria-label="table"><table>';
markdown.renderer.rules["table_close"] = () => "</table></div>";

/** hosts that a link in a stranger's text may lead to */
const knownHosts = new Set(["github.com", "docs.github.com"]);

/**
 * A stranger's Markdown as markup that is safe to show: GitHub's tables, folds and strikethrough; no script, style,
 * picture, form or frame; links to our own pages and to GitHub, every other link as its text. `#7` links to that page.
 */
export function renderMarkdown(text: string, addresses: Addresses): Html {
  const charts: Chart[] = [];
  const token = randomUUID();
  const told = withoutHidden(text).replace(/^```mermaid\n([^`]{1,20000})\n```$/gm, (block, source: string) => {
    const chart = readChart(source);
    return chart === undefined ? block : `${token}-${charts.push(chart) - 1}`;
  });
  const clean = sanitize(markdown.render(told), {
    allowedTags: [
      ..."h1 h2 h3 h4 h5 h6 p a ul ol li blockquote pre code strong b em i del s sub sup br hr".split(" "),
      ..."table thead tbody tr th td div details summary kbd".split(" "),
    ],
    allowedAttributes: {
      a: ["href", "rel"],
      details: ["open"],
      th: ["class"],
      td: ["class"],
      div: ["class", "tabindex", "role", "aria-label"],
      ol: ["start"],
    },
    allowedClasses: { div: ["scroll"], th: ["right", "center"], td: ["right", "center"] },
    allowedSchemes: ["https"],
    allowProtocolRelative: false,
    disallowedTagsMode: "discard",
    nestingLimit: 60,
    transformTags: { a: (_, { href }) => keepLink(href), th: keepSide, td: keepSide },
  });
  const shown = paintLights(new Html(showTasks(linkNumbers(clean, addresses))));
  // drawn by us, so that they need not pass the sanitiser
  return new Html(
    charts.reduce((page, chart, at) => page.replace(`<p>${token}-${at}</p>`, () => drawChart(chart).text), shown.text),
  );
}

/** HTML comments carry our markers and nothing for people; characters that reorder what follows carry only deceit. */
function withoutHidden(text: string): string {
  return text.replace(/^<!--.*-->$/gm, "").replace(/[\u202a-\u202e\u2066-\u2069]/g, " ");
}

/** Markdown's alignment as a class: no page allows a style of its own. */
function keepSide(tagName: string, { style }: sanitize.Attributes): sanitize.Tag {
  const side = /^text-align:\s*(right|center);?$/.exec(style ?? "")?.[1];
  return { tagName, attribs: side === undefined ? {} : { class: side } };
}

function keepLink(href: string | undefined): sanitize.Tag {
  const url = href === undefined ? null : URL.parse(href);
  const known =
    url !== null && url.protocol === "https:" && knownHosts.has(url.hostname) && url.username === "" && url.port === "";
  return known
    ? { tagName: "a", attribs: { href: url.href, rel: "nofollow noopener noreferrer" } }
    : { tagName: "a", attribs: {} };
}

/** Turns `#7` in running text into a link; text in code, links and tags is left alone. */
function linkNumbers(clean: string, addresses: Addresses): string {
  let within = 0;
  return clean.replace(
    /<(\/?)([a-z0-9]+)[^>]*>|(?<![\w&/#])#(\d{1,9})\b/g,
    (found, closing: string, tag: string, number: string) => {
      if (tag !== undefined) {
        if (/^(?:a|code|pre)$/.test(tag)) within += closing === "/" ? -1 : 1;
        return found;
      }
      const address = within > 0 ? undefined : addresses.ofNumber(Number(number));
      return address === undefined ? found : `<a href="${address}">${found}</a>`;
    },
  );
}

/** Task lists, as GitHub writes them: boxes to look at, nothing to tick. */
function showTasks(clean: string): string {
  return clean.replace(
    /(<li>(?:\s*<p>)?)\[([ xX])\] /g,
    (_, before: string, tick: string) => `${before}${tick === " " ? "☐" : "☑"} `,
  );
}
