import { appendFileSync, writeFileSync } from "node:fs";
import { request as send, type IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { servePages } from "#cli/sandbox/pages/serve-pages.ts";
import { createPerson } from "#cli/sandbox/person.ts";
import { createOctokit } from "#github/create-octokit.ts";
import type { StoredJob, StoredRun } from "#sandbox/actions/link/run-store.ts";
import { liveScript } from "#web/live-script.ts";
import { aWorld, branch, clientOf, openPull, put, temporaryFolder, type World } from "#test/sandbox/forge/a-forge.ts";

const attack = `"><img/src=x/onerror=alert(1)><script>alert(1)</script>`;

type Reply = { status: number; headers: IncomingHttpHeaders; text: string };
type Asked = { method?: string; headers?: Record<string, string>; form?: Record<string, string> };
type Pages = World & { log: string; key: string; ask: (path: string, asked?: Asked) => Promise<Reply>; known: string };

async function openPages(): Promise<Pages> {
  const world = await aWorld();
  const { forge } = world;
  const log = join(temporaryFolder(), "job.log");
  const octokit = (token: string) => createOctokit({ token, baseUrl: forge.urls.api });
  const link = servePages({ forge, logPath: () => log, person: (login) => createPerson(forge, login, octokit) }).link();
  const ask = (path: string, { method = "GET", headers = {}, form }: Asked = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const type = form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
      const sent = send(`${forge.urls.server}${path}`, { method, headers: { ...type, ...headers } }, (answer) => {
        const { statusCode: status = 0 } = answer;
        text(answer).then((all) => resolve({ status, headers: answer.headers, text: all }), reject);
      });
      sent.on("error", reject);
      sent.end(form === undefined ? undefined : new URLSearchParams(form).toString());
    });
  const key = new URL(link).search;
  const opened = await ask(`/acme/shop${key}`);
  expect(opened).toMatchObject({ status: 303, headers: { location: "/acme/shop" } });
  const [cookie = ""] = opened.headers["set-cookie"] ?? [];
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  return { ...world, log, key, ask, known: cookie.split(";", 1)[0] ?? "" };
}

/** A run with one job, as the runner records them. */
function addRun({ repo }: World, status: "in_progress" | "completed"): string {
  const at = "2026-01-01T00:00:00Z";
  const conclusion = status === "completed" ? ("failure" as const) : null;
  const common = { name: attack, status, conclusion, createdAt: at, startedAt: at, seconds: 1, attempt: 1 };
  const run: StoredRun = {
    ...common,
    id: 5000,
    repository: "acme/shop",
    workflow: "w.yml",
    title: attack,
    event: "push",
    headSha: "0".repeat(40),
    headBranch: attack,
    headRepository: "acme/shop",
    sha: "0".repeat(40),
    ref: "refs/heads/main",
    runNumber: 1,
    actor: "ada",
    triggeringActor: "ada",
    pullRequests: [],
    problems: [],
    called: [],
    updatedAt: at,
    workflowId: 1,
    checkSuite: null,
    headRepositoryId: repo.id,
    depth: 0,
  };
  const job: StoredJob = {
    ...common,
    id: 5001,
    run: 5000,
    key: "train",
    labels: [],
    runner: 1,
    environment: null,
    completedAt: null,
    steps: [{ number: 1, name: attack, status: "in_progress", conclusion: null, startedAt: at, completedAt: null }],
    annotations: [{ level: "warning", message: attack, title: attack, path: null, line: null }],
    summary: attack,
    outputs: {},
    checkRun: null,
    deployment: null,
  };
  const [runs, jobs] = [repo.store<StoredRun>("workflow-runs"), repo.store<StoredJob>("workflow-jobs")];
  if (runs.get(run.id) !== undefined) {
    runs.set(run.id, run);
    jobs.set(job.id, job);
  } else {
    runs.add(run);
    jobs.add(job);
  }
  return "/acme/shop/actions/runs/5000/job/5001";
}

describe("the pages of a running sandbox", () => {
  it("show what there is, as text whatever strangers wrote, and load nothing from elsewhere", async () => {
    const pages = await openPages();
    const { api, ask, known, log } = pages;
    await branch(api, attack, "README.md", `# Shop\n${attack}\n`);
    const pull = await openPull(api, attack, `Better ${attack}`);
    await api(`POST /repos/acme/shop/issues/${pull.number}/comments`, { body: `**Bold** ${attack}` });
    const issue = await api("POST /repos/acme/shop/issues", { title: attack, body: attack, labels: ["odd"] });
    await api("POST /repos/acme/shop/releases", { tag_name: "shop@v1.0.0", name: attack, body: attack });
    writeFileSync(log, `2026-01-01T00:00:01.0000000Z ${attack} \u001b[31mred\u001b[0m\n`);
    const job = addRun(pages, "completed");
    const paths = ["/", "/acme/shop", `/acme/shop/pull/${pull.number}`, `/acme/shop/issues/${issue.body.number}`];
    const others = ["/acme/shop/releases/tag/shop@v1.0.0", "/acme/shop/actions/runs/5000", job, "/acme/shop/nothing"];
    const shown = new Map<string, string>();
    // looking is what has the forge find out whether it can be merged
    const merging = async (): Promise<string> => (await ask(paths[2]!, { headers: { cookie: known } })).text;
    await vi.waitFor(async () => expect(await merging()).toContain("It can be merged"), { timeout: 10_000 });
    for (const path of [...paths, ...others]) {
      const reply = await ask(path, { headers: { cookie: known } });
      expect(reply.status, path).toBe(path.endsWith("nothing") ? 404 : 200);
      expect(reply.headers["x-content-type-options"]).toBe("nosniff");
      expect(reply.headers["content-security-policy"]).toMatch(
        /^default-src 'none'; style-src 'sha256-[^' ]+'; base-uri 'none'; script-src 'sha256-[^' ]+'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'$/,
      );
      const body = reply.text.slice(reply.text.indexOf("<body>")).replace(`<script>${liveScript}</script>`, "");
      expect(body, path).not.toMatch(/<(?:script|img|svg|iframe|style|link)\b|\sstyle=|\son\w+=(?!alert)/i);
      expect(body.match(/<h1>/g), path).toHaveLength(1);
      shown.set(path, body);
    }
    expect(shown.get("/acme/shop")).toContain(`href="/acme/shop/pull/${pull.number}"`);
    expect(shown.get(paths[2]!)).toMatch(/<strong>Bold<\/strong>.*Files changed.*class="add"/s);
    expect(shown.get(paths[2]!)).toContain("It can be merged: no conflict, and no check against it.");
    expect(shown.get(job)).toContain("00:00:01 &quot;&gt;&lt;img/src=x/onerror=alert(1)&gt;");
    expect(shown.get(job)).not.toContain("\u001b");
  });

  it("let a log grow by whole lines, and say when nothing has changed", async () => {
    const pages = await openPages();
    const { ask, log } = pages;
    const job = addRun(pages, "in_progress");
    const read = async (from: number): Promise<unknown> => JSON.parse((await ask(`${job}/log?from=${from}`)).text);
    expect(await read(0)).toEqual({ text: "", next: 0, ended: false });
    writeFileSync(log, "2026-01-01T00:00:01.0000000Z ##[group]Run train\nepoch 1\nepo");
    const first = await ask(job);
    expect(first.text).toContain('data-ended=""');
    expect(first.text).toContain("00:00:01 ▸ Run train\nepoch 1\n</pre");
    const next = Number(/data-next="(\d+)"/.exec(first.text)?.[1]);
    expect(await read(next)).toEqual({ text: "", next, ended: false });
    appendFileSync(log, "ch 2\nlast");
    expect(await read(next)).toEqual({ text: "epoch 2\n", next: next + 8, ended: false });
    addRun(pages, "completed");
    expect(await read(next)).toEqual({ text: "epoch 2\nlast", next: next + 12, ended: true });

    const live = { "trainyard-live": "1" };
    const { headers } = await ask(job, { headers: live });
    const again = { headers: { ...live, "if-none-match": headers.etag ?? "" } };
    expect(await ask(job, again)).toMatchObject({ status: 304, text: "" });
    appendFileSync(log, "\nmore\n");
    expect((await ask(job, again)).status).toBe(304);
    pages.repo.store<StoredJob>("workflow-jobs").set(5001, { conclusion: "success" });
    expect((await ask(job, again)).status).toBe(200);
  });

  it("do in a person's name what a form of their own asks, and nothing that anybody else sends", async () => {
    const { ask, api, known, forge } = await openPages();
    await branch(api, "better", "README.md", "# Better\n");
    const { number, head } = await openPull(api, "better");
    const path = `/acme/shop/pull/${number}`;
    const origin = forge.urls.server;
    const form = { as: "ada", act: "comment", body: "Fine" };
    const own = { cookie: known, origin, "sec-fetch-site": "same-origin" };
    const post = (headers: Record<string, string>, fields: Record<string, string> = form): Promise<Reply> =>
      ask(path, { method: "POST", headers, form: fields });
    const { host } = new URL(origin);
    const refused = [
      { cookie: known },
      { origin },
      { cookie: `${known.split("=")[0] ?? ""}=guessed`, origin },
      { cookie: known, origin: "https://evil.example" },
      { cookie: known, origin: "null" },
      { cookie: known, origin: `${origin}1` },
      { ...own, "sec-fetch-site": "same-site" },
      { ...own, "sec-fetch-site": "cross-site" },
      {
        cookie: known,
        host: host.replace("127.0.0.1", "evil.example"),
        origin: origin.replace("127.0.0.1", "evil.example"),
      },
    ];
    for (const headers of refused) expect((await post(headers)).status, JSON.stringify(headers)).toBe(403);
    expect((await post(own, { ...form, as: "trainyard[bot]" })).status).toBe(403);
    expect((await post(own, { ...form, as: "mallory" })).status).toBe(403);
    expect((await post(own, { ...form, act: "delete" })).status).toBe(400);
    expect((await post(own, { ...form, body: "x".repeat(600_000) })).status).toBe(400);
    expect((await api(`GET /repos/acme/shop/issues/${number}/comments`)).body).toEqual([]);

    expect(await post(own)).toMatchObject({ status: 303, headers: { location: path } });
    const { body: comments } = await api(`GET /repos/acme/shop/issues/${number}/comments`);
    expect(comments).toMatchObject([{ body: "Fine", user: { login: "ada" } }]);
    expect(await post(own, { ...form, act: "approve" })).toMatchObject({ status: 422 });
    expect((await post(own, { ...form, as: "acme", act: "approve", sha: head.sha })).status).toBe(303);
    const stale = await post(own, { ...form, act: "merge", sha: "0".repeat(40), body: "" });
    expect(stale.status).toBe(422);
    expect(stale.text).toContain("answered 409 to @ada: Head branch was modified");
    expect((await post(own, { ...form, act: "close", body: "not **yet**" })).status).toBe(303);
    expect((await post(own, { ...form, act: "reopen", body: "" })).status).toBe(303);
    expect((await post(own, { ...form, act: "merge", method: "squash", sha: head.sha, body: "" })).status).toBe(303);
    const merged = await ask(path, { headers: { cookie: known } });
    for (const said of ["<p>not <strong>yet</strong></p>", "<strong>acme</strong> approved", "merged by ada"])
      expect(merged.text).toContain(said);
    expect(merged.text).not.toContain('name="act" value="merge"');
    const reverted = await post(own, { ...form, act: "revert" });
    expect(reverted.headers.location).toMatch(/^\/acme\/shop\/pull\/\d+$/);
  });

  it("leave git and the API where they are, and hide what is private from who did not open the link", async () => {
    const { ask, api, repo, forge, known } = await openPages();
    expect((await api("GET /repos/acme/shop")).body.full_name).toBe("acme/shop");
    const git = await ask("/acme/shop/info/refs?service=git-upload-pack");
    expect([git.status, git.headers["content-type"]]).toEqual([200, "application/x-git-upload-pack-advertisement"]);
    expect((await ask("/acme/nothing")).headers["content-type"]).toMatch(/json/);
    expect((await ask("/acme/shop/%ff", { headers: { "user-agent": "test" } })).status).toBe(501);
    await put(clientOf(forge, forge.createToken("acme")), "x.txt", "x\n", "More");
    repo.change({ private: true });
    expect((await ask("/acme/shop")).status).toBe(404);
    expect((await ask("/")).text).not.toContain("acme/shop");
    expect((await ask("/acme/shop", { headers: { cookie: known } })).status).toBe(200);
    expect((await ask("/acme/shop?key=wrong")).status).toBe(404);
  });
});
