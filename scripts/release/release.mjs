// Makes a release in two steps, so that no package's code runs where the token may write:
//   build VERSION     builds and packs into the folder `release`; needs everything installed, writes nothing elsewhere
//   publish VERSION   makes the commit from that folder, tags it, pushes the tag and creates the release
// With --dry-run, publish does all that needs no push; VERSION --dry-run does both steps so.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkCommit, commitBundles, listFolder, runGit } from "./commit.mjs";
import { packPackage } from "./pack.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const out = join(root, "release");
const say = (text) => process.stdout.write(`${text}\n`);

try {
  const words = process.argv.slice(2).filter((word) => word !== "--dry-run");
  const isDry = words.length < process.argv.length - 2;
  const step = words.length === 1 && isDry ? "both" : words[0];
  const version = readVersion(words.at(-1) ?? "");
  if (step === "build" || step === "both") build(version);
  if (step === "publish" || step === "both") publish(version, isDry);
  if (!["build", "publish", "both"].includes(step))
    throw new Error("Say what to do: release.mjs build VERSION, publish VERSION [--dry-run], or VERSION --dry-run");
} catch (error) {
  process.stderr.write(`release: ${error.message}\n`);
  process.exitCode = 1;
}

/** The version asked for, which must be the one that the default branch says it is. */
function readVersion(text) {
  const version = text.replace(/^v/, "");
  if (!/^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/.test(version))
    throw new Error(`"${text}" is no version: it looks like 1.4.0`);
  const { version: said } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (said !== version)
    throw new Error(`package.json says ${said}, and ${version} was asked for: merge a pull request that sets it first`);
  return version;
}

/** What CHANGELOG.md says of a version. */
function readNotes(version) {
  const text = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  const part = text.split(/^## /m).find((one) => one.split(/[\s\],]/, 1)[0].replace(/^\[?v?/, "") === version);
  if (part === undefined)
    throw new Error(
      `CHANGELOG.md has no section "## ${version}": merge a pull request that names what is unreleased so`,
    );
  return `${part.split("\n").slice(1).join("\n").trim()}\n`;
}

function refuseChanges() {
  const changed = runGit(root, ["status", "--porcelain"]);
  if (changed !== "") throw new Error(`The working tree is not as committed: ${changed.split("\n", 1)[0].trim()}`);
}

function build(version) {
  refuseChanges();
  readNotes(version);
  execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: ["ignore", "ignore", "inherit"] });
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  cpSync(join(root, "dist"), join(out, "dist"), { recursive: true });
  const { file } = packPackage(root, out);
  const files = [basename(file), ...listFolder(join(out, "dist")).map((path) => `dist/${path}`)];
  const sums = files.map((path) => `${digest(join(out, path))}  ${path}\n`);
  writeFileSync(join(out, `${basename(file)}.sha256`), sums[0]);
  writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
  say(`Built ${files.length - 1} files of bundles and ${sums[0].trim()}`);
}

function publish(version, isDry) {
  refuseChanges();
  const notes = readNotes(version);
  for (const line of readFileSync(join(out, "SHA256SUMS"), "utf8").trim().split("\n")) {
    const [sum, path] = line.split("  ");
    if (digest(join(out, path)) !== sum) throw new Error(`"release/${path}" is not what was built`);
  }
  const tag = `v${version}`;
  const parent = runGit(root, ["rev-parse", "HEAD"]);
  const commit = commitBundles(root, { parent, bundles: join(out, "dist"), version: tag });
  const entries = checkCommit(root, { parent, commit });
  say(`${tag} is ${commit}, on ${parent}; from it start as bundles: ${entries.join(", ")}`);
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `commit=${commit}\n`);
  if (isDry) return;
  pushTag(tag, commit);
  release(tag, join(out, `trainyard-${version}.tgz`), notes);
}

/** A draft first: what is published has all of its files. One that was left half made is finished. */
function release(tag, tarball, notes) {
  const gh = (...args) => spawnSync("gh", ["release", ...args], { cwd: root, input: notes, encoding: "utf8" });
  const demand = (what, { status, stderr }) => {
    if (status !== 0) throw new Error(`The release ${tag} could not be ${what}: ${stderr.trim()}`);
  };
  const seen = gh("view", tag, "--json", "isDraft", "--jq", ".isDraft");
  if (seen.stdout.trim() === "false") return say(`The release ${tag} is there already`);
  if (seen.status !== 0)
    demand("made", gh("create", tag, "--draft", "--verify-tag", "--title", tag, "--notes-file", "-"));
  demand("filled", gh("upload", tag, "--clobber", tarball, `${tarball}.sha256`));
  demand("published", gh("edit", tag, "--draft=false"));
  say(`Released ${tag}`);
}

/** Moves nothing but the tag: one that is there already must be this release's. */
function pushTag(tag, commit) {
  // the token stays in the environment, where `gh` reads it: in no file, and in no argument that others can see
  const asks = process.env.GH_TOKEN
    ? ["-c", "credential.helper=", "-c", "credential.helper=!gh auth git-credential"]
    : [];
  const there = runGit(root, [...asks, "ls-remote", "origin", `refs/tags/${tag}`]).split("\t", 1)[0];
  if (there === commit) return say(`The tag ${tag} is there already`);
  if (there !== "") throw new Error(`The tag ${tag} is on ${there} already: a release never moves one`);
  runGit(root, [...asks, "push", "origin", `${commit}:refs/tags/${tag}`]);
}

function digest(file) {
  if (!existsSync(file)) throw new Error(`"${file}" is missing: run the step "build" first`);
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
