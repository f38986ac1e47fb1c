import { digest } from "#core/canonical.ts";
import { readMarker } from "#core/message/marker.ts";
import { readState } from "#test/flow/local/world-state.ts";
import type { Service } from "./service.ts";
import type { Town } from "./town.ts";

/**
 * All that a story leaves behind, in words that both shells can share. Left out, and why:
 * - ids of commits, which the config's `writer:` is part of: each is called after its message;
 * - numbers of runs, as a word starts a run more where the app answers it: counted among those that did any work;
 * - the event of a run that a word started: of its comment, or of the app's dispatch;
 * - times: a run more takes a minute more. That tags come in order is held by itself;
 * - dispatches, and checks on their way: those are how the shells differ.
 */
export function look(town: Town): unknown {
  const { service } = town;
  const { world } = service;
  const state = readState(world);
  const plain = nameAll(service);
  const byPath = Object.entries(state.evidence).map(([path, text]) => [plain(path), plain(text)] as const);
  const { memory } = world;
  const heads = [...memory.pulls.map(({ head }) => head.sha), ...mainline(service)];
  return {
    tags: Object.entries(state.tags).map(([name, { target, message }]) => [name, plain(target), plain(message)]),
    releases: world.storage.releases.map(({ tag, draft, title, body, assets }) => ({
      tag,
      draft,
      title,
      body: plain(body),
      // a manifest names commits and runs; all other files are held to the byte
      assets: Object.entries(assets)
        .map(([name, text]) => [name, name === "trainyard.json" ? plain(text) : digest(text)] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    })),
    deployments: state.deployments.map(plain),
    evidence: byPath.toSorted(([a], [b]) => (a < b ? -1 : 1)),
    comments: memory.comments.map(({ issue, body }) => [issue, plain(body)] as const).toSorted(([a], [b]) => a - b),
    issues: memory.issues.map(({ number, title, body, state: is }) => [number, title, plain(body), is]),
    pulls: memory.pulls.map(({ number, title, body, head, state: is }) => [
      number,
      title,
      plain(body),
      plain(head.ref),
      is,
    ]),
    // what a required check says of what is open: the app's, or the job `verdict`
    green: memory.pulls
      .filter(({ state: is }) => is === "open")
      .map(({ number, head }) => [number, town.isGreen(head.sha)]),
    checks: memory.checks
      .filter(({ head }) => heads.some((sha) => sha === head))
      .map(({ head, check }) => [plain(head), plain(JSON.stringify(check))] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}

/** The default branch's own commits. */
function mainline({ world }: Service): readonly string[] {
  const found: string[] = [];
  for (let at = world.git.commitOf(world.head); at !== undefined; at = world.git.commitOf(at.parents[0] ?? ""))
    found.push(at.sha);
  return found;
}

function nameAll({ world }: Service): (text: string) => string {
  const names = nameCommits(world);
  const { artifacts } = world.storage;
  const worked = world.memory.runs.filter(({ id }) => `${id}/trainyard-plan/plan.json` in artifacts);
  // what a workflow's token pushes is trained by a dispatch, what the app pushes by its own run
  const robot = world.memory.pulls.some(({ head }) => head.ref.startsWith("retrain/")) ? "|pull_request" : "";
  const started = new RegExp(`"event": ?"(?:issue_comment|workflow_dispatch${robot})"`, "g");
  return (text) =>
    withoutDigest(text)
      .replaceAll("\\u002d", "-")
      .replaceAll(/(\d{4}-\d\d-\d\d)T\d\d-\d\d-[\d.]+Z/g, "$1 <time>")
      .replaceAll(/\d\d:\d\d UTC/g, "<time> UTC")
      .replaceAll(/\b[0-9a-f]{7,40}\b/g, (id) => {
        const found = [...names].find(([sha]) => sha.startsWith(id));
        return found === undefined ? id : `<${found[1]}>`;
      })
      .replaceAll(/\b7\d{6}\b/g, (id) => `<run ${worked.findIndex((run) => run.id === Number(id)) + 1}>`)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
      .replaceAll(started, '"event": "<a word>"');
}

/** A marker holds the digest of the text above it, which names commits. */
function withoutDigest(text: string): string {
  const marker = readMarker(text);
  return marker !== undefined && marker.body === digest(text.slice(0, text.lastIndexOf("\n\n<!--")))
    ? text.replace(marker.body, "<of the text>")
    : text;
}

function nameCommits({ git }: Service["world"]): ReadonlyMap<string, string> {
  const open = git
    .refs("refs/heads/")
    .filter(([name]) => name !== "trainyard")
    .map(([, id]) => id);
  const names = new Map<string, string>();
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const commit = git.commitOf(next);
    if (commit === undefined || names.has(next)) continue;
    names.set(next, `${commit.message.split("\n")[0] ?? ""}`);
    open.push(...commit.parents);
  }
  return names;
}
