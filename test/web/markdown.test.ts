import { describe, expect, it } from "vitest";
import { renderMarkdown } from "#web/markdown.ts";
import { hostile } from "#test/core/message/report-fixture.ts";

const addresses = { of: () => undefined, ofNumber: (number: number) => (number === 7 ? "pull-7.html" : undefined) };
const render = (text: string): string => renderMarkdown(text, addresses).text.trim();

it("renderMarkdown() keeps tables, folds, strikethrough, code and task lists", () => {
  expect(
    render(
      "| a | b |\n|--:|---|\n| 1 | ~~2~~ |\n\n<details><summary>more</summary>\n\n- [x] done\n- [ ] not\n\n```js\n<b>#7</b>\n```\n\n</details>",
    ),
  ).toMatchInlineSnapshot(`
    "<div class="scroll" tabindex="0" role="region" aria-label="table"><table><thead>
    <tr>
    <th class="right">a</th>
    <th>b</th>
    </tr>
    </thead>
    <tbody>
    <tr>
    <td class="right">1</td>
    <td><s>2</s></td>
    </tr>
    </tbody>
    </table></div><details><summary>more</summary>
    <ul>
    <li>☑ done</li>
    <li>☐ not</li>
    </ul>
    <pre><code>&lt;b&gt;#7&lt;/b&gt;
    </code></pre>
    </details>"
  `);
});

it.for([
  ["see #7 and #8", '<p>see <a href="pull-7.html">#7</a> and #8</p>'],
  ["`#7` and a#7, &#7; /#7", "<p><code>#7</code> and a#7, � /#7</p>"],
  ["[#7](https://github.com/a/b)", '<p><a href="https://github.com/a/b" rel="nofollow noopener noreferrer">#7</a></p>'],
  ["[x](https://evil.example)", "<p><a>x</a></p>"],
  ["[x](http://github.com/a)", "<p><a>x</a></p>"],
  ["[x](https://github.com@evil.example/)", "<p><a>x</a></p>"],
  ["[x](https://github.com.evil.example/)", "<p><a>x</a></p>"],
  ["[x](https://user@github.com/)", "<p><a>x</a></p>"],
  ["[x](//github.com/a)", "<p><a>x</a></p>"],
  ["[x](pull-7.html)", "<p><a>x</a></p>"],
  ["[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"],
  ['<a href="JaVaScRiPt:alert(1)" onclick=x>x</a>', "<p><a>x</a></p>"],
  ["![x](https://github.com/a.png)", "<p></p>"],
  ["🟢 good", '<p><span class="light good" role="img" aria-label="green"></span> good</p>'],
  ["<!-- trainyard:report {} -->", ""],
] as const)("renderMarkdown(%j)", ([text, markup]) => {
  expect(render(text)).toBe(markup);
});

const attacks = [
  ...hostile,
  "<script>alert(1)</script>",
  "<svg><script>alert(1)</script></svg>",
  "<svg/onload=alert(1)>",
  "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<object data=x></object><embed src=x><applet></applet>",
  "<form action=https://evil.example><input name=x><button>go</button></form>",
  "<style>body{display:none}</style><link rel=stylesheet href=x><meta http-equiv=refresh content=0>",
  "<base href=https://evil.example>",
  "<p style='position:fixed;inset:0;background:red'>x</p>",
  "<td style='text-align:right;background:url(https://evil.example)'>x</td>",
  "<div class='card skip' id=main>x</div>",
  "<img src=x onerror=alert(1)//",
  "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
  "<a href='https://github.com/\" onmouseover=\"alert(1)'>x</a>",
  "<details open ontoggle=alert(1)>x</details>",
  "</div></article></main></body></html><script>alert(1)</script>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
  "<textarea><script>alert(1)</script>",
  "<title></title><plaintext>",
  "[a]: javascript:alert(1)\n\n[x][a]",
  "<div aria-label='#7 🟢'>x</div>",
  "<".repeat(5_000),
  "[".repeat(5_000),
  "> ".repeat(500) + "deep",
  "<div>".repeat(2_000),
  "<details>".repeat(300),
];

const allowed =
  /^(?:h[1-6]|p|a|ul|ol|li|blockquote|pre|code|strong|b|em|i|del|s|sub|sup|br|hr|table|thead|tbody|tr|th|td|div|details|summary|kbd|span)$/;

describe("renderMarkdown() disarms", () => {
  it.for(attacks)("%j", (text) => {
    const markup = render(text);
    const open: string[] = [];
    const crossed: string[] = [];
    for (const [tag, closing, name = "", attributes = ""] of markup.matchAll(/<(\/?)([a-z0-9]+)((?:\s[^<>]*)?)>/g)) {
      expect(name, tag).toMatch(allowed);
      expect(attributes, tag).not.toMatch(
        /\son|src=|srcdoc|javascript:|data:|url\(|position|\sid=|class="(?!scroll"|light |right"|center")|style=/i,
      );
      for (const [, href] of attributes.matchAll(/href="([^"]*)"/g))
        expect(href).toMatch(/^(?:https:\/\/github\.com\/|pull-7\.html$)/);
      if (/^(?:br|hr)$/.test(name)) continue;
      if (closing === "") open.push(name);
      else if (open.pop() !== name) crossed.push(tag);
    }
    expect([open, crossed]).toEqual([[], []]);
    expect(markup.replace(/<\/?[a-z0-9]+(?:\s[^<>]*)?>/g, "")).not.toContain("<");
  });
});
