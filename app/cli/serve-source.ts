import { parseModelName } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import { findNewName } from "#flow/observe/rename/find-new-name.ts";
import { readRegistry, type ModelRegistry } from "#flow/observe/read-registry.ts";
import type { ModelFile, ModelSource, ServedModel } from "#serve/model-source.ts";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Follows the stage of one model: what its newest stage tag says, with the bytes of that version's release. */
export function stageSource(ports: Pick<Ports, "tags" | "bytes">, model: string, stage: string): ModelSource {
  const name = parseModelName(model);
  return {
    model,
    async current() {
      const registry = await readRegistry(ports.tags, { name });
      const { standing, problem } = await registry.standing(stage);
      if (problem !== undefined) throw new Error(problem);
      if (standing === undefined) return { nothing: await sayNothing(registry, stage) };
      return {
        name,
        version: standing.version,
        sha256: standing.artifact,
        file: async () => await fetchModel(ports, standing.tag),
      } satisfies ServedModel;
    },
  };
}

/** What was looked for, and where versions do stand: a stage may be misspelt, or simply not be reached yet. */
async function sayNothing(registry: ModelRegistry, stage: string): Promise<string> {
  const now = await findNewName(registry);
  if (now !== undefined)
    return `There is nothing to serve: "${registry.model}" is called "${now}" now. Start this server again with --model ${now}`;
  const others = [...new Set(registry.tags.moves.map((move) => move.stage))].filter((other) => other !== stage);
  const standing = await Promise.all(others.map(async (other) => (await registry.standing(other)).standing));
  const there = standing.flatMap((one) => (one === undefined ? [] : [`${one.version} at "${one.stage}"`]));
  const besides = there.length === 0 ? "no version at any stage" : `only ${there.join(", ")}`;
  return `There is nothing to serve yet: "${registry.model}" has no version at "${stage}", ${besides}. Waiting for one`;
}

/** One ONNX file: a model of several files is for other servers. */
async function fetchModel(ports: Pick<Ports, "bytes">, tag: string): Promise<ModelFile> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-serve-"));
  try {
    const paths = await ports.bytes.fetch({ kind: "release-asset", tag, name: "model" }, folder);
    const [path, ...more] = paths ?? [];
    if (path === undefined) throw new Error(`Cannot serve "${tag}": its release holds no model`);
    if (more.length > 0)
      throw new Error(`Cannot serve "${tag}": it has ${more.length + 1} files, one ONNX file is served`);
    return { path, bytes: await readFile(join(folder, path)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
