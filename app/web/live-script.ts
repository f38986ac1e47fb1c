/**
 * The one script, on the pages of a running sandbox: asks for the page again while somebody looks at it, takes over what
 * has changed, and lets logs grow. It writes text and nodes of our own pages, never markup from elsewhere.
 */
export const liveScript = `
"use strict";
(() => {
  const main = document.querySelector("main");
  const state = document.getElementById("state");
  const here = location.pathname + location.search;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const say = (text) => { if (state.textContent !== text) state.textContent = text; };

  // What somebody opened, typed or chose stays: only what differs is touched.
  const take = (old, fresh) => {
    if (old.id === "log" && fresh.id === "log") return;
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== 1 || old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
    const keep = old.nodeName === "DETAILS" ? "open" : "";
    for (const { name } of [...old.attributes]) if (name !== keep && !fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (name !== keep) old.setAttribute(name, value);
    const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
    after.forEach((node, at) => (before[at] ? take(before[at], node) : old.append(node)));
    for (const node of before.slice(after.length)) node.remove();
  };

  const watch = async (pauseMs, ask) => {
    for (;;) {
      await pause(pauseMs);
      if (document.hidden) continue;
      try {
        if ((await ask()) === "ended") return;
        say("Live");
      } catch {
        say("The sandbox does not answer: this is how it was");
      }
    }
  };

  let tag;
  void watch(2000, async () => {
    const answer = await fetch(here, { headers: { "trainyard-live": "1", ...(tag ? { "if-none-match": tag } : {}) } });
    if (answer.status === 304) return;
    if (!answer.ok) throw new Error(String(answer.status));
    tag = answer.headers.get("etag");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = page.title;
    take(main, page.querySelector("main"));
  });

  const log = document.getElementById("log");
  if (log && !log.dataset.ended) {
    void watch(700, async () => {
      const answer = await fetch(location.pathname + "/log?from=" + log.dataset.next);
      if (!answer.ok) throw new Error(String(answer.status));
      const { text, next, ended } = await answer.json();
      const follows = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
      if (text) log.append(text);
      log.dataset.next = next;
      if (follows) log.scrollTop = log.scrollHeight;
      return ended ? "ended" : "goes on";
    });
    log.scrollTop = log.scrollHeight;
  }
})();
`;
