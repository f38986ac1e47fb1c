import { createHash } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { claimCache, findCache } from "#sandbox/actions/service/cache-store.ts";
import type { CacheRecord } from "#sandbox/actions/service/cache-store.ts";
import { cacheScopes } from "#sandbox/actions/service/cache-scopes.ts";
import { runProcess } from "#sandbox/actions/step/run-process.ts";
import type { StepCall } from "#sandbox/actions/step/step-call.ts";
import { stepEnvironment } from "#sandbox/actions/step/step-environment.ts";
import type { BuiltIn } from "./built-in.ts";
import { expand } from "./find-files.ts";
import { servicesOf } from "./services.ts";

type Inputs = Readonly<Record<string, string>>;

/** actions/cache: restores now, saves at the end of a job that succeeded, unless the key was there. */
export const cache: BuiltIn = async (call, inputs) => {
  const outputs = await restore(call, inputs);
  return {
    outputs,
    post: async (end) => {
      if (end.state.status === "success" && outputs["cache-hit"] !== "true") await save(end, inputs);
    },
  };
};

/** actions/cache/restore */
export const restoreCache: BuiltIn = async (call, inputs) => ({ outputs: await restore(call, inputs) });

/** actions/cache/save */
export const saveCache: BuiltIn = async (call, inputs) => {
  await save(call, inputs);
  return {};
};

async function restore(call: StepCall, inputs: Inputs): Promise<Record<string, string>> {
  const { forge, repo } = servicesOf(call);
  const key = inputs["key"] ?? "";
  const found = findCache(forge, repo, {
    key,
    version: versionOf(inputs),
    restoreKeys: (inputs["restore-keys"] ?? "")
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
    scopes: cacheScopes(call.state.request),
  });
  if (found === undefined) {
    if (inputs["fail-on-cache-miss"] === "true") {
      throw new Error(`Failed to restore cache entry. Input key: ${key}`);
    }
    call.state.log.line(`Cache not found for input keys: ${key}`);
    return { "cache-hit": "", "cache-primary-key": key, "cache-matched-key": "" };
  }
  if (inputs["lookup-only"] !== "true") await tar(call, ["-xzPf", forge.files.path(found.file)]);
  call.state.log.line(`Cache restored from key: ${found.key}`);
  return { "cache-hit": String(found.key === key), "cache-primary-key": key, "cache-matched-key": found.key };
}

async function save(call: StepCall, inputs: Inputs): Promise<void> {
  const { forge, repo } = servicesOf(call);
  const { machine, request, log } = call.state;
  const paths: string[] = [];
  for (const line of pathsOf(inputs)) {
    const path = expand(line, machine);
    // Relative, so that another machine finds it at its own place.
    if (await stat(path).catch(() => undefined)) paths.push(relative(machine.workspace, path) || ".");
  }
  if (paths.length === 0) {
    log.line("##[warning]Path Validation Error: Path(s) specified in the action for caching do(es) not exist");
    return;
  }
  const claim = { key: inputs["key"] ?? "", version: versionOf(inputs), scope: cacheScopes(request)[0] ?? "" };
  const claimed = claimCache(forge, repo, claim);
  if (claimed === undefined) {
    log.line(`Failed to save: Unable to reserve cache with key ${claim.key}, another job may be creating this cache.`);
    return;
  }
  const file = forge.files.path(claimed.file);
  await mkdir(dirname(file), { recursive: true });
  await tar(call, ["-czPf", file, ...paths]);
  const { size } = await stat(file);
  repo.store<CacheRecord>("caches").set(claimed.id, { size, final: true });
  log.line(`Cache saved with key: ${claim.key}`);
}

function pathsOf(inputs: Inputs): string[] {
  return (inputs["path"] ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

function versionOf(inputs: Inputs): string {
  return createHash("sha256")
    .update(`tar\n${pathsOf(inputs).join("\n")}`)
    .digest("hex");
}

async function tar(call: StepCall, args: readonly string[]): Promise<void> {
  const lines: string[] = [];
  const code = await runProcess(call.state, {
    command: "tar",
    args,
    folder: call.state.machine.workspace,
    env: stepEnvironment(call.state, call.place, { env: {}, action: call.name, files: {} }),
    onLine: (line) => lines.push(line),
    cancellation: call.cancellation,
  });
  if (code !== 0) throw new Error(`tar failed with exit code ${code}: ${lines.join("\n")}`);
}
