import { appendFile, cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { runProcess } from "#sandbox/actions/step/run-process.ts";
import type { StepCall } from "#sandbox/actions/step/step-call.ts";
import { stepEnvironment } from "#sandbox/actions/step/step-environment.ts";
import type { BuiltIn } from "./built-in.ts";

/**
 * actions/checkout: a real clone at the event's commit. Objects are borrowed from the repository on this machine, so
 * it costs what writing the files costs; history is as deep as `fetch-depth` says.
 */
export const checkout: BuiltIn = async (call, inputs) => {
  for (const unknown of ["ssh-key", "submodules", "lfs"]) {
    const value = inputs[unknown] ?? "";
    if (value !== "" && value !== "false") {
      throw new Error(`The sandbox's checkout knows no "${unknown}: ${value}"`);
    }
  }
  const { state } = call;
  const repository = inputs["repository"] || state.request.repository.fullName;
  const target = resolve(state.machine.workspace, inputs["path"] ?? "");
  if (relative(state.machine.workspace, target).startsWith("..")) {
    throw new Error(`Repository path '${target}' is not under '${state.machine.workspace}'`);
  }
  const home = state.platform.home(repository);
  if (home === undefined) throw new Error(`The sandbox has no repository "${repository}" to check out`);
  await empty(target);
  if (home.kind === "folder") {
    await copyFiles(home.folder, target);
    return {};
  }
  const git = createGit(call, target);
  const wanted = await findCommit(call, git, home.folder, repository, inputs["ref"] ?? "");
  await git("init", "--quiet", `--initial-branch=${wanted.branch ?? "main"}`);
  await writeFile(join(target, ".git", "objects", "info", "alternates"), `${home.folder}/objects\n`);
  const sections = [remoteSection(`${state.platform.urls.git}/${repository}`)];
  if (wanted.branch !== undefined) sections.push(branchSection(wanted.branch));
  await appendFile(join(target, ".git", "config"), sections.join(""));
  await copyRefs(
    git,
    { from: home.folder, to: target },
    inputs["fetch-depth"] ?? "1",
    inputs["fetch-tags"] === "true",
    wanted,
  );
  const sparse = (inputs["sparse-checkout"] ?? "").split("\n").filter(Boolean);
  if (sparse.length > 0) {
    const cone = inputs["sparse-checkout-cone-mode"] === "false" ? "--no-cone" : "--cone";
    await git("sparse-checkout", "set", cone, ...sparse);
  }
  const at = wanted.branch === undefined ? ["--detach", wanted.sha] : ["-B", wanted.branch, wanted.sha];
  await git("checkout", "--quiet", "--force", ...at);
  if ((inputs["persist-credentials"] ?? "true") === "false") return result(wanted);
  const token = inputs["token"] || state.tokens.token;
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  state.log.mask(basic);
  const key = `http.${state.platform.urls.git}/.extraheader`;
  await appendFile(
    join(target, ".git", "config"),
    `[http ${quote(`${state.platform.urls.git}/`)}]\n\textraheader = AUTHORIZATION: basic ${basic}\n`,
  );
  return {
    ...result(wanted),
    post: async (end) => {
      await createGit(end, target)("config", "--local", "--unset-all", key).catch(() => "");
    },
  };
};

const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
const remoteSection = (url: string): string =>
  `[remote "origin"]\n\turl = ${quote(url)}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`;
const branchSection = (branch: string): string =>
  `[branch ${quote(branch)}]\n\tremote = origin\n\tmerge = ${quote(`refs/heads/${branch}`)}\n`;

type Git = (...args: string[]) => Promise<string>;
type Wanted = { sha: string; ref: string; branch: string | undefined };

function result(wanted: Wanted): { outputs: Record<string, string> } {
  return { outputs: { commit: wanted.sha, ref: wanted.ref } };
}

function createGit(call: StepCall, folder: string): Git {
  const env = stepEnvironment(call.state, call.place, { env: {}, action: call.name, files: {} });
  return async (...args) => {
    const lines: string[] = [];
    const code = await runProcess(call.state, {
      command: "git",
      args,
      folder,
      env: { ...env, GIT_TERMINAL_PROMPT: "0" },
      onLine: (line) => lines.push(line),
      cancellation: call.cancellation,
    });
    if (code !== 0) throw new Error(`git ${args[0]} failed with exit code ${code}: ${lines.join("\n")}`);
    return lines.join("\n");
  };
}

/** The event's commit, unless another repository or ref is asked for. */
async function findCommit(
  call: StepCall,
  git: Git,
  gitFolder: string,
  repository: string,
  asked: string,
): Promise<Wanted> {
  const { request } = call.state;
  const isOwn = repository === request.repository.fullName;
  const ref = asked || (isOwn ? request.ref : "HEAD");
  const isEvent = isOwn && (asked === "" || asked === request.sha);
  if (isEvent) return named(request.sha, asked === "" ? request.ref : request.sha);
  const candidates = [`refs/heads/${ref}`, `refs/tags/${ref}`, ref];
  for (const candidate of candidates) {
    const sha = await git("--git-dir", gitFolder, "rev-parse", "--verify", "--quiet", `${candidate}^{commit}`).catch(
      () => "",
    );
    if (sha !== "") return named(sha, candidate);
  }
  throw new Error(`A branch or tag with the name '${ref}' could not be found in "${repository}"`);
}

function named(sha: string, ref: string): Wanted {
  return { sha, ref, branch: ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined };
}

/** What a fetch would have brought: one commit, or with `fetch-depth: 0` all branches, tags and history. */
async function copyRefs(
  git: Git,
  folders: { from: string; to: string },
  depth: string,
  tags: boolean,
  wanted: Wanted,
): Promise<void> {
  const all = depth === "0";
  const refs = new Map<string, string>();
  if (all || tags) {
    const listing = await git("--git-dir", folders.from, "for-each-ref", "--format=%(objectname) %(refname)");
    for (const [sha = "", ref = ""] of listing.split("\n").map((line) => line.split(" "))) {
      if (ref.startsWith("refs/tags/")) refs.set(ref, sha);
      if (all && ref.startsWith("refs/heads/")) {
        refs.set(ref.replace("refs/heads/", "refs/remotes/origin/"), sha);
      }
    }
  }
  const tracking =
    wanted.branch === undefined
      ? wanted.ref.replace(/^refs\/pull\//, "refs/remotes/pull/")
      : `refs/remotes/origin/${wanted.branch}`;
  if (/^refs\/(remotes|tags)\//.test(tracking)) refs.set(tracking, refs.get(tracking) ?? wanted.sha);
  const lines = [...refs].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([ref, sha]) => `${sha} ${ref}\n`);
  await writeFile(join(folders.to, ".git", "packed-refs"), lines.join(""));
  if (all) return;
  const count = Math.max(1, Number(depth) || 1);
  const history =
    count === 1 ? wanted.sha : await git("rev-list", `--max-count=${count}`, "--first-parent", wanted.sha);
  await writeFile(join(folders.to, ".git", "shallow"), `${history.split("\n").at(-1) ?? ""}\n`);
}

async function empty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

async function copyFiles(from: string, to: string): Promise<void> {
  const left = new Set([".git", "node_modules"]);
  for (const name of await readdir(from)) {
    if (!left.has(name)) await cp(join(from, name), join(to, name), { recursive: true });
  }
}
