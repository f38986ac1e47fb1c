import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { objectKey } from "#core/object-store.ts";
import type { Contents } from "#core/pointer/contents.ts";
import { digestFolder, writeListing } from "#core/pointer/folder-listing.ts";
import { writeDvcPointer } from "#core/pointer/write-dvc-pointer.ts";
import { writeMountedFile } from "#core/pointer/mount-manifest.ts";
import type { Task } from "#core/plan/plan-record.ts";
import { runInFolder } from "#runner/run-in-folder.ts";
import { entriesOf } from "#runner/task-request.ts";
import { openContents } from "#store/contents.ts";
import { folderStore } from "#store/folder-store.ts";
import { lfsKey } from "#store/lfs-store.ts";
import { code, file, Place, readBlobs, taskOf } from "./task-fixture.ts";

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.remove());

const hash = (name: string, text: string): string => createHash(name).update(text).digest("hex");
const rows = "id,x\n1,2\n";
const sha256 = hash("sha256", rows);

/** Puts an object into this test's store. */
function store(key: string, text: string): void {
  const to = join(place.folder, "store", key);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
}

function contents(reach: "store" | "unnamed" | "foreign" = "store"): Contents {
  const files = folderStore(join(place.folder, "store"));
  return openContents({
    address: async () =>
      await Promise.resolve(
        reach === "unnamed" ? undefined : reach === "store" ? { kind: "releases" } : { kind: "foreign", scheme: "gs" },
      ),
    open: async () => await Promise.resolve(files),
    cacheFor: (id) => ({ folder: join(place.folder, "cache", id) }),
    lfs: files,
    patience: { attempts: 1, pauseMs: 1, stallMs: 1_000 },
  });
}

const pointer = (path = "train.csv", text = rows): string =>
  writeDvcPointer([
    { path, md5: hash("md5", text), sha256: hash("sha256", text), size: text.length, folder: false, nfiles: undefined },
  ]);

const train = (inputs: Task["predict"]["inputs"], more: Parameters<typeof taskOf>[0] = {}): Task => ({
  ...taskOf({ inputs: [code, ...inputs], train: "cat data/train.csv > model.bin", ...more }),
  sittings: [],
});

async function outcome(task: Task, given: Contents | undefined = contents()): Promise<string> {
  const { trained, failures } = await place.start(task, { contents: given });
  if (trained === undefined) return failures.map(({ message }) => message).join("; ");
  return readFileSync(join(trained.folder, "model.bin"), "utf8");
}

describe("a training whose inputs are pointers", () => {
  it("sees the real bytes at the real path, the pointer beside them", async () => {
    store(objectKey(hash("md5", rows)), rows);
    const inputs = [file("data/train.csv.dvc", pointer())];
    const shown = await outcome(train(inputs, { train: "ls data .dvc > model.bin; cat data/train.csv >> model.bin" }));
    expect(shown).toBe(`.dvc:\nconfig\nconfig.local\n\ndata:\ntrain.csv\ntrain.csv.dvc\n${rows}`);
  });

  it("sees a folder as its listing says", async () => {
    const listing = writeListing([{ relpath: "a/b.txt", md5: hash("md5", rows) }]);
    store(objectKey(`${hash("md5", listing)}.dir`), listing);
    store(objectKey(hash("md5", rows)), rows);
    const out = {
      path: "img",
      md5: hash("md5", listing),
      sha256: digestFolder([{ relpath: "a/b.txt", sha256 }]),
      size: rows.length,
      folder: true,
      nfiles: 1,
    };
    const inputs = [file("data/img.dvc", writeDvcPointer([out]))];
    expect(await outcome(train(inputs, { train: "cat data/img/a/b.txt > model.bin" }))).toBe(rows);
  });

  it("does not begin where an object is gone or other bytes lie in its place", async () => {
    const inputs = [file("data/train.csv.dvc", pointer())];
    store("other", "");
    expect(await outcome(train(inputs))).toMatch(
      /^Cannot fetch "data\/train.csv" of the pointer "data\/train.csv.dvc" \(md5 \w+\) from the folder .*: it is not there; push it/,
    );
    store(objectKey(hash("md5", rows)), rows.replace("2", "3"));
    expect(await outcome(train(inputs))).toMatch(/its bytes do not match: their MD5 is/);
  });

  it.for([
    [".git/hooks.txt", /belongs to git/],
    ["TRAIN.csv.dvc", /one name where case does not count/],
    ["code.txt", /"src\/code.txt" twice/],
  ] as const)("refuses a pointer to %s", async ([path, because]) => {
    store(objectKey(hash("md5", rows)), rows);
    const at = path === "code.txt" ? "src" : "data";
    expect(await outcome(train([file(`${at}/train.csv.dvc`, pointer(path))]))).toMatch(because);
  });

  it("sees the file that LFS has in place of its pointer", async () => {
    store(lfsKey({ sha256, size: rows.length }), rows);
    const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${rows.length}\n`;
    expect(await outcome(train([file("data/train.csv", text)]))).toBe(rows);
  });

  it("is left to the team where nothing names a store", async () => {
    const inputs = [file("data/train.csv.dvc", pointer())];
    expect(await outcome(train(inputs, { train: "ls data > model.bin" }), contents("unnamed"))).toBe("train.csv.dvc\n");
  });

  it("goes by the team's own command for another store, held to the digests", async () => {
    const inputs = [file("data/train.csv.dvc", pointer())];
    const fetching = { ...train(inputs), fetch: "printf 'id,x\\n1,2\\n' > data/train.csv" };
    expect(await outcome(fetching, contents("foreign"))).toBe(rows);
    expect(await outcome({ ...fetching, fetch: "echo other > data/train.csv" }, contents("foreign"))).toMatch(
      /The "fetch" command ended well, but "data\/train.csv" of the pointer "data\/train.csv.dvc" has the MD5 \w+ instead of/,
    );
    expect(await outcome({ ...fetching, fetch: "true" }, contents("foreign"))).toMatch(/is not there: see to it/);
  });

  it("says what dvc.lock would become, and leaves it at that", async () => {
    const task = train([file("dvc.yaml", "stages: {}\n"), file("dvc.lock", "old\n")], {
      train: "echo new > dvc.lock; echo > model.bin",
    });
    const { notes } = await place.start(task, { contents: contents() });
    expect(notes).toEqual([expect.stringMatching(/have "dvc.lock" be as follows. It is not committed: .*\nnew\n$/s)]);
  });
});

describe("a mount", () => {
  const setUp = (text = rows): { mount: string; task: Task } => {
    const mount = join(place.folder, "mnt");
    mkdirSync(join(mount, "a"), { recursive: true });
    writeFileSync(join(mount, "a", "b.csv"), text);
    const manifest = writeMountedFile({ path: "a/b.csv", size: rows.length, sha256 });
    const task = {
      ...train([file("data/images.jsonl", manifest)], {
        train: 'cat data/images/a/b.csv "$MOUNT_IMAGES/a/b.csv" > model.bin',
      }),
      mounts: [{ mount, manifest: "data/images.jsonl" }],
    };
    return { mount, task };
  };

  it("is shown by a link beside its manifest and by a variable", async () => {
    expect(await outcome(setUp().task)).toBe(rows + rows);
  });

  it("is held to its manifest before anything is trained", async () => {
    expect(await outcome(setUp(rows.replace("2", "3")).task)).toMatch(
      /Cannot use the mount ".*mnt" of the manifest "data\/images.jsonl": "a\/b.csv" below ".*" has the SHA-256 \w+, and the manifest says/,
    );
    expect(await outcome(setUp(`${rows}\n`).task)).toMatch(/has 10 bytes, and the manifest says 9/);
    const { task } = setUp();
    expect(await outcome({ ...task, mounts: [{ mount: "/nowhere", manifest: "data/images.jsonl" }] })).toMatch(
      /"\/nowhere" is not mounted here: run on a machine that has it/,
    );
  });
});

describe("a command that watches or retrains", () => {
  it("finds the data of pointers when it retrains, and brings none of it into git", async () => {
    store(objectKey(hash("md5", rows)), rows);
    const order = (phase: "watch" | "retrain", folder: string) =>
      runInFolder({
        model: "churn",
        phase,
        entries: entriesOf([file("data/train.csv.dvc", pointer())]),
        setup: undefined,
        command: "ls data > new.txt; echo more >> data/train.csv",
        timeoutMs: 20_000,
        read: readBlobs,
        contents: contents(),
        folder: join(place.folder, folder),
        env: { PATH: process.env["PATH"] ?? "" },
        secrets: {},
      });
    const retrained = await order("retrain", "a");
    if (retrained.kind === "failed") throw new Error(retrained.failure.message);
    expect(retrained.changed.map(({ path }) => path)).toEqual(["new.txt"]);
    expect(readFileSync(retrained.changed[0]?.file ?? "", "utf8")).toBe("train.csv\ntrain.csv.dvc\n");
    const watched = await order("watch", "b");
    if (watched.kind === "failed") throw new Error(watched.failure.message);
    const [listed] = watched.changed.filter(({ path }) => path === "new.txt");
    expect(readFileSync(listed?.file ?? "", "utf8")).toBe("train.csv.dvc\n");
  });
});
