import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { unzipSync, zipSync } from "fflate";
import {
  artifactsOf,
  defaultRetentionMs,
  isExpired,
  removeArtifact,
  saveArtifact,
  zipType,
} from "#sandbox/actions/service/artifact-store.ts";
import type { ArtifactRecord } from "#sandbox/actions/service/artifact-store.ts";
import type { StepCall } from "#sandbox/actions/step/step-call.ts";
import { compilePattern } from "#sandbox/actions/trigger/path-pattern.ts";
import type { BuiltIn } from "./built-in.ts";
import { findFiles } from "./find-files.ts";
import { servicesOf } from "./services.ts";

const dayMs = 86_400_000;

/** actions/upload-artifact: zips what `path` names, from the deepest common folder. */
export const uploadArtifact: BuiltIn = async (call, inputs) => {
  const { forge, repo } = servicesOf(call);
  const { run, record, log, machine } = call.state;
  const name = inputs["name"] || "artifact";
  const { files, root } = await findFiles(inputs["path"] ?? "", machine, inputs["include-hidden-files"] === "true");
  if (files.length === 0) {
    const message = `No files were found with the provided path: ${inputs["path"] ?? ""}. No artifacts will be uploaded.`;
    const how = inputs["if-no-files-found"] || "warn";
    if (how === "error") throw new Error(message);
    if (how === "warn") log.line(`##[warning]${message}`);
    return {};
  }
  if (inputs["overwrite"] === "true") {
    const old = artifactsOf(repo).filter((one) => one.run === run.id && one.name === name);
    for (const one of old) await removeArtifact(forge, repo, one);
  }
  const entries: Record<string, Uint8Array> = {};
  for (const file of files) entries[relative(root, file)] = await readFile(file);
  const days = Number(inputs["retention-days"] || 0);
  const saved = await saveArtifact(
    forge,
    repo,
    {
      run: run.id,
      attempt: run.attempt,
      job: record.id,
      name,
      type: zipType,
      retentionMs: days > 0 ? days * dayMs : defaultRetentionMs,
    },
    zipSync(entries, { level: inputs["compression-level"] === "0" ? 0 : 6 }),
  );
  log.line(`Artifact ${name} has been uploaded: ${files.length} files, ${saved.size} bytes, id ${saved.id}`);
  const url = `${forge.urls.server}/${repo.fullName}/actions/runs/${run.id}/artifacts/${saved.id}`;
  return { outputs: { "artifact-id": String(saved.id), "artifact-digest": saved.sha256, "artifact-url": url } };
};

/** actions/download-artifact: one by name into `path`, or those that a pattern names into a folder each. */
export const downloadArtifact: BuiltIn = async (call, inputs) => {
  const { forge, repo } = servicesOf(call);
  const { run, log, machine } = call.state;
  const target = resolve(machine.workspace, inputs["path"] || ".");
  const wantedRun = Number(inputs["run-id"] || run.id);
  const newest = new Map(
    artifactsOf(repo)
      .filter((one) => one.run === wantedRun && !isExpired(forge, one))
      .map((one) => [one.name, one]),
  );
  const name = inputs["name"] ?? "";
  const ids = (inputs["artifact-ids"] ?? "").split(",").filter(Boolean).map(Number);
  const wanted = choose([...newest.values()], name, ids, inputs["pattern"] || "**");
  if ((name !== "" || ids.length > 0) && wanted.length === 0) {
    throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name || ids.join(", ")}`);
  }
  const flat = name !== "" || ids.length === 1 || inputs["merge-multiple"] === "true";
  for (const artifact of wanted) {
    await extract(call, artifact, flat ? target : join(target, artifact.name));
    log.line(`Artifact ${artifact.name} has been downloaded, id ${artifact.id}`);
  }
  return { outputs: { "download-path": target } };
};

function choose(
  all: readonly ArtifactRecord[],
  name: string,
  ids: readonly number[],
  pattern: string,
): ArtifactRecord[] {
  if (name !== "") return all.filter((one) => one.name === name);
  if (ids.length > 0) return all.filter((one) => ids.includes(one.id));
  const matches = compilePattern(pattern);
  return all.filter((one) => matches(one.name));
}

/** Entries of an artifact come from a job: those that would leave the folder are refused. */
async function extract(call: StepCall, artifact: ArtifactRecord, folder: string): Promise<void> {
  const { forge } = servicesOf(call);
  const stored = await forge.files.open(artifact.key);
  if (stored === undefined) throw new Error(`The bytes of the artifact "${artifact.name}" are gone`);
  const bytes = await buffer(stored.stream);
  await mkdir(folder, { recursive: true });
  if (artifact.type !== zipType) {
    await writeFile(join(folder, artifact.name), bytes);
    return;
  }
  for (const [path, content] of Object.entries(unzipSync(bytes))) {
    const file = resolve(folder, path);
    if (relative(folder, file).startsWith(".."))
      throw new Error(`The artifact holds "${path}", which leaves its folder`);
    if (path.endsWith("/")) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
