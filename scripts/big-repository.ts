import { createHash } from "node:crypto";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha, parseCommitSha, type BlobSha } from "#core/names.ts";
import type { Ports, PullRequest } from "#core/ports.ts";

export type BigRepository = { ports: Ports; base: Tree; merged: Tree };

type Size = {
  files: number;
  models: number;
  /** does the pull request change a file that all models read, or one of one model? */
  shared: boolean;
  makeTree?: (entries: readonly TreeEntry[]) => Tree;
};

const [baseSha, headSha, mergeSha] = ["b", "c", "d"].map((digit) => parseCommitSha(digit.repeat(40)));
const config = ".github/trainyard.yml";

/** A repository of many files and models, and pull request 1 on it, on ports in memory. */
export function makeBigRepository(size: Size): BigRepository {
  const blobs = new Map<BlobSha, Uint8Array>();
  const put = (path: string, text: string): TreeEntry => {
    const bytes = Buffer.from(text);
    const blob = parseBlobSha(createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex"));
    if (path === config) blobs.set(blob, bytes);
    return { path, mode: "100644", blob };
  };
  const entries = [put(config, describeModels(size.models)), put("shared/lib.py", "old")];
  const perModel = Math.ceil((size.files - entries.length) / size.models);
  for (let file = 0; entries.length < size.files; file++) {
    const model = `m${file % size.models}`;
    const part = Math.floor(file / size.models);
    const path =
      part < 5
        ? `${model}/src/part-${part}.py`
        : part < perModel / 10
          ? `${model}/holdout/${part}.csv`
          : `${model}/data/2026/${part % 12}/day-${part}.csv`;
    entries.push(put(path, String(file)));
  }
  const changed = size.shared ? put("shared/lib.py", "new") : put("m7/src/part-0.py", "new");
  const { makeTree = (all) => new Map(all.map((entry) => [entry.path, entry])) } = size;
  const base = makeTree(entries);
  const merged = makeTree([...entries.filter(({ path }) => path !== changed.path), changed]);
  return { ports: makePorts(base, merged, blobs), base, merged };
}

function describeModels(count: number): string {
  const models = Array.from(
    { length: count },
    (_, index) => `  m${index}:
    inputs: { data: [m${index}/data/**], code: [m${index}/src/*.py, shared/**] }
    train: { run: python m${index}/src/part-0.py, model: model.onnx }
    predict: { run: python m${index}/src/part-1.py }
    evaluate: { holdout: "m${index}/holdout/*.csv", task: binary, label: y, score: p, metrics: { auc: {} } }
    gates: [{ metric: auc, at-least: 0.7 }]
`,
  );
  return `version: 1\nmodels:\n${models.join("")}`;
}

function makePorts(base: Tree, merged: Tree, blobs: ReadonlyMap<BlobSha, Uint8Array>): Ports {
  const pull: Partial<PullRequest> = {
    number: 1,
    state: "open",
    merged: false,
    ...(mergeSha === undefined ? {} : { testMerge: mergeSha }),
    mergeable: true,
    fork: false,
    draft: false,
    labels: [],
    body: "",
  };
  const known = {
    repository: {
      defaultBranch: async () => await Promise.resolve({ name: "main", head: baseSha }),
      commit: async (sha: string) =>
        await Promise.resolve({ sha, tree: sha, parents: [baseSha, headSha], message: "" }),
      tree: async (sha: string) => await Promise.resolve(sha === mergeSha ? merged : base),
      blob: async (sha: BlobSha) => await Promise.resolve(blobs.get(sha) ?? new Uint8Array()),
      mergeBase: async () => await Promise.resolve(baseSha),
    },
    pulls: {
      get: async () =>
        await Promise.resolve({ ...pull, head: { sha: headSha, ref: "work" }, base: { sha: baseSha, ref: "main" } }),
      messages: async () => await Promise.resolve([]),
    },
    tags: { list: async () => await Promise.resolve([]) },
    evidence: { list: async () => await Promise.resolve([]) },
    bytes: { available: async () => await Promise.resolve(false) },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that a planning asks for; more would throw
  return known as unknown as Ports;
}
