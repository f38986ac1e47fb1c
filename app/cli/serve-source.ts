import { parseModelName, type ModelName } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import { writeVersionTag } from "#core/registry/tag-name.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import type { ModelSource, ServedModel } from "#serve/model-source.ts";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Follows the stage of one model: what its newest stage tag says, with the bytes of that version's release. */
export function stageSource(ports: Pick<Ports, "tags" | "bytes">, model: string, stage: string): ModelSource {
  const name = parseModelName(model);
  return {
    async current() {
      const { standing, problem } = await (await readRegistry(ports.tags, name)).standing(stage);
      if (problem !== undefined) throw new Error(problem);
      if (standing === undefined) return undefined;
      return {
        name,
        version: standing.version,
        sha256: standing.artifact,
        bytes: async () => await fetchModel(ports, name, standing.version),
      } satisfies ServedModel;
    },
  };
}

/** One ONNX file: a model of several files is for other servers. */
async function fetchModel(
  ports: Pick<Ports, "bytes">,
  model: ModelName,
  version: Parameters<typeof writeVersionTag>[1],
): Promise<Uint8Array> {
  const tag = writeVersionTag(model, version);
  const folder = await mkdtemp(join(tmpdir(), "trainyard-serve-"));
  try {
    const paths = await ports.bytes.fetch({ kind: "release-asset", tag, name: "model" }, folder);
    const [path, ...more] = paths ?? [];
    if (path === undefined) throw new Error(`Cannot serve "${tag}": its release holds no model`);
    if (more.length > 0)
      throw new Error(`Cannot serve "${tag}": it has ${more.length + 1} files, one ONNX file is served`);
    return await readFile(join(folder, path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
