import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { objectKey } from "#core/object-store.ts";
import { writeDvcPointer } from "#core/pointer/write-dvc-pointer.ts";
import { openContents } from "#store/contents.ts";
import { folderStore } from "#store/folder-store.ts";
import { file, Place, taskOf } from "#test/runner/task-fixture.ts";

const rows = "x,y\n1,2\n3,4\n";
const pipeline = `stages:
  prepare:
    cmd: sort data/train.csv > sorted.csv
    deps: [data/train.csv]
    outs: [sorted.csv]
  train:
    cmd: cp sorted.csv model.bin && echo '{"rows":2}' > metrics.json
    deps: [sorted.csv]
    outs: [model.bin]
    metrics:
    - metrics.json: {cache: false}
`;

/** `dvc repro train` as the train command, in a folder of declared inputs whose data is behind a pointer. */
export async function runPipeline(bin: string): Promise<string> {
  const place = new Place();
  try {
    const md5 = createHash("md5").update(rows).digest("hex");
    const sha256 = createHash("sha256").update(rows).digest("hex");
    const object = join(place.folder, "store", objectKey(md5));
    await mkdir(dirname(object), { recursive: true });
    await writeFile(object, rows);
    const out = { path: "train.csv", md5, sha256, size: rows.length, folder: false, nfiles: undefined };
    const inputs = [file("dvc.yaml", pipeline), file("data/train.csv.dvc", writeDvcPointer([out]))];
    const task = { ...taskOf({ inputs, train: "dvc repro train" }), sittings: [] };
    const said: string[] = [];
    const { trained, failures, notes } = await place.start(task, {
      env: { PATH: `${bin}:${process.env["PATH"] ?? ""}`, HOME: place.folder },
      onLine: (line) => said.push(line),
      contents: openContents({
        address: async () => await Promise.resolve({ kind: "folder", path: "store" }),
        open: async () => await Promise.resolve(folderStore(join(place.folder, "store"))),
        cacheFor: () => ({ folder: join(place.folder, "cache") }),
      }),
    });
    assert.deepEqual(failures, [], said.join("\n"));
    assert.equal(await readFile(join(trained?.folder ?? "", "model.bin"), "utf8"), "1,2\n3,4\nx,y\n");
    assert.match(notes.join("\n"), /have "dvc.lock" be as follows\. It is not committed:[^]*md5: [0-9a-f]{32}/);
    return `two stages, ${notes.length} note on dvc.lock`;
  } finally {
    place.remove();
  }
}
