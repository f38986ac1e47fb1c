/** The one style sheet. Colours come in pairs for light and dark; each has at least 4.5 : 1 against its ground. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f8fa; --text: #1c2128; --quiet: #57606a; --line: #d0d7de; --edge: #818b98; --link: #0758b8;
  --good: #116329; --good-ground: #dafbe1; --wait: #7a4a00; --wait-ground: #fff3cf; --bad: #a0111f; --bad-ground: #ffe4e1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f141a; --raised: #171d25; --text: #e3e9f0; --quiet: #98a4b1; --line: #323b46; --edge: #6b7683; --link: #78b4ff;
    --good: #6fdd8b; --good-ground: #12301c; --wait: #f0c04c; --wait-ground: #3a2c0a; --bad: #ff9c94; --bad-ground: #421a1a;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji"; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 60rem; padding: 1.25rem 1.25rem 3rem; overflow-wrap: break-word; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible, button:focus-visible, select:focus-visible, textarea:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100vw; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--ground); padding: 0.25rem 0.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0 0.5rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 2.25rem 0 0.75rem; }
h3 { font-size: 1.05rem; margin: 0.3rem 0; line-height: 1.35; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.875em; }
code { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: 0.08em 0.32em; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem 1rem; overflow: auto; max-height: 30rem; }
pre code { background: none; border: 0; padding: 0; font-size: inherit; }
.chart { display: block; width: 100%; max-width: 42.5rem; height: auto; margin: 0.75rem 0; font-size: 12px; }
.chart text { fill: var(--quiet); }
.chart .title { fill: var(--text); font-size: 13px; font-weight: 600; }
.chart .grid { stroke: var(--line); }
.chart .told { fill: none; stroke: var(--link); stroke-width: 2.5; stroke-linejoin: round; }
.chart .dot { fill: var(--link); }
.chart .bar { fill: none; stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 6 4; }
.top { min-height: 1rem; font-size: 0.9rem; color: var(--quiet); display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; justify-content: space-between; }
.top nav { min-width: 0; overflow-wrap: anywhere; }
.state { margin: 0; }
.lead { font-size: 1.1rem; color: var(--quiet); margin: 0; max-width: 46rem; }
.about, .quiet, .time { color: var(--quiet); }
.time { font-size: 0.85rem; white-space: nowrap; }
h1 .number, h2 .number { color: var(--quiet); font-weight: 400; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.digest { display: inline-block; min-width: 17rem; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.75rem; margin: 1.5rem 0 0; }
.facts div { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem 0.9rem; }
.facts dt { color: var(--quiet); font-size: 0.82rem; }
.facts dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 0.6em; font-size: 0.8rem; line-height: 1.55; font-weight: 600; white-space: nowrap; color: var(--quiet); background: var(--raised); }
.badge.good { color: var(--good); background: var(--good-ground); }
.badge.wait { color: var(--wait); background: var(--wait-ground); }
.badge.bad { color: var(--bad); background: var(--bad-ground); }
.light { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 50%; vertical-align: -0.05em; margin-right: 0.1em; background: var(--quiet); }
.light.good { background: #2da44e; }
.light.wait { background: #d4a017; }
.light.bad { background: #d1343f; }
.timeline { list-style: none; margin: 0; padding: 0 0 0 1.5rem; position: relative; }
.timeline::before { content: ""; position: absolute; left: calc(0.45rem - 1px); top: 0.6rem; bottom: 0.6rem; width: 2px; background: var(--line); }
.timeline > li { position: relative; margin: 0 0 1rem; }
.timeline.story > li { margin-bottom: 1.5rem; }
.timeline > li::before { content: ""; position: absolute; left: -1.6rem; top: 0.3rem; width: 1.1rem; height: 1.1rem; border-radius: 50%; background: var(--quiet); border: 3px solid var(--ground); }
.timeline > li.good::before { background: var(--good); }
.timeline > li.wait::before { background: var(--wait); }
.timeline > li.bad::before { background: var(--bad); }
.line { margin: 0; }
.card { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.card > header { background: var(--raised); border-bottom: 1px solid var(--line); padding: 0.45rem 1rem; color: var(--quiet); font-size: 0.9rem; }
.card > header strong { color: var(--text); }
.card > .prose, .card.prose { padding: 0.85rem 1rem; }
.check { border: 1px solid var(--line); border-radius: 8px; padding: 0.45rem 1rem; }
.prose > :first-child { margin-top: 0; }
.prose > :last-child { margin-bottom: 0; }
.prose h1, .prose h2, .prose h3, .prose h4 { font-size: 1.08rem; margin: 1rem 0 0.5rem; }
.prose details { margin: 0.6rem 0; }
.prose sub { font-size: 0.82rem; vertical-align: baseline; color: var(--quiet); }
summary { cursor: pointer; }
.scroll { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid var(--line); padding: 0.35rem 0.7rem; text-align: left; vertical-align: top; }
.right { text-align: right; }
.center { text-align: center; }
td.right { white-space: nowrap; }
.prose td:last-child { min-width: 9rem; }
tbody th { font-weight: 400; background: none; }
th code, td code:not(.digest) { white-space: nowrap; }
th { background: var(--raised); font-weight: 600; }
blockquote { margin: 0.75rem 0; padding: 0 0 0 1rem; border-left: 3px solid var(--line); color: var(--quiet); }
.list { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 8px; }
.list li { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; padding: 0.55rem 1rem; }
.list li + li { border-top: 1px solid var(--line); }
.list .time { margin-left: auto; }
.merging { border: 1px solid currentColor; border-radius: 8px; padding: 0.5rem 1rem; color: var(--quiet); }
.merging.good { color: var(--good); background: var(--good-ground); }
.merging.wait { color: var(--wait); background: var(--wait-ground); }
.merging.bad { color: var(--bad); background: var(--bad-ground); }
.acts { border: 1px solid var(--line); border-radius: 8px; padding: 0.75rem 1rem; background: var(--raised); }
.acts p { margin: 0 0 0.75rem; }
.acts p:last-child { margin-bottom: 0; }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
label { font-weight: 600; font-size: 0.9rem; }
textarea { display: block; width: 100%; margin-top: 0.25rem; resize: vertical; }
textarea, select, button { font: inherit; color: var(--text); background: var(--ground); border: 1px solid var(--edge); border-radius: 6px; padding: 0.3rem 0.7rem; }
select { max-width: 100%; }
button { cursor: pointer; font-weight: 600; }
button:hover { border-color: var(--text); }
button[value="merge"], button[value="comment"] { color: var(--ground); background: var(--link); border-color: var(--link); }
.files { list-style: none; margin: 0; padding: 0; }
.file { margin: 0 0 0.5rem; border: 1px solid var(--line); border-radius: 8px; padding: 0.45rem 1rem; overflow-wrap: anywhere; }
.file > pre { margin: 0.5rem -1rem -0.45rem; border-width: 1px 0 0; border-radius: 0 0 8px 8px; padding: 0.4rem 0; }
.file > pre + p { margin: 0.75rem 0 0; }
.diff span { display: block; padding: 0 1rem; min-width: max-content; }
.diff .add { color: var(--good); background: var(--good-ground); }
.diff .cut { color: var(--bad); background: var(--bad-ground); }
.diff .hunk { color: var(--quiet); }
.counts { font-size: 0.85rem; font-weight: 400; white-space: nowrap; font-variant-numeric: tabular-nums; }
.counts .good { color: var(--good); }
.counts .bad, li.bad { color: var(--bad); }
.timeline > li.bad { color: inherit; }
.job h3, .job p { margin: 0 0 0.25rem; }
.said { list-style: none; margin: 0.25rem 0; padding: 0; }
#log { max-height: 70vh; white-space: pre-wrap; overflow-wrap: anywhere; }
.problem { border: 1px solid currentColor; border-radius: 8px; padding: 0.5rem 1rem; color: var(--bad); background: var(--bad-ground); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.75rem; color: var(--quiet); font-size: 0.85rem; }
@media (max-width: 36rem) {
  html { font-size: 15px; }
  body { padding: 0.9rem 0.9rem 2rem; }
  h1 { font-size: 1.5rem; }
  .list .time { margin-left: 0; flex-basis: 100%; }
}
@media print { .skip, footer { display: none; } pre { max-height: none; white-space: pre-wrap; } }
`;
