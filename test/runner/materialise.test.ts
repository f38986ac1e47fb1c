import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TreeEntry } from "#core/identity/tree.ts";
import { type BlobSha, parseBlobSha } from "#core/names.ts";
import { materialise } from "#runner/materialise.ts";

let folder = "";
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "trainyard-inputs-")), "inputs");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

type File = { path: string; bytes: string | Uint8Array; mode?: string };

function store(files: readonly File[], algorithm = "sha1") {
  const blobs = new Map<BlobSha, Uint8Array>();
  const entries: TreeEntry[] = files.map(({ path, bytes, mode = "100644" }) => {
    const buffer = Buffer.from(bytes);
    const blob = parseBlobSha(createHash(algorithm).update(`blob ${buffer.length}\0`).update(buffer).digest("hex"));
    blobs.set(blob, buffer);
    return { path, mode, blob };
  });
  async function* read(wanted: readonly BlobSha[]) {
    for (const blob of wanted) {
      const bytes = blobs.get(blob);
      if (bytes !== undefined) yield { blob, bytes };
    }
  }
  return { entries, read, blobs };
}
const write = (files: readonly File[], algorithm?: string) => materialise({ ...store(files, algorithm), folder });
const link = (path: string, target: string): File => ({ path, bytes: target, mode: "120000" });

describe("materialise()", () => {
  it.for(["sha1", "sha256"])("writes files byte for byte, with modes and links, named by %s", async (algorithm) => {
    const bytes = new Uint8Array([0, 13, 10, 255, 13]);
    await write(
      [
        { path: "data/a.bin", bytes },
        { path: "data/same.bin", bytes },
        { path: "run.sh", bytes: "#!/bin/sh\r\n", mode: "100755" },
        { path: "größe/ü", bytes: "" },
        link("data/link", "../run.sh"),
      ],
      algorithm,
    );
    expect(readFileSync(join(folder, "data/a.bin"))).toEqual(Buffer.from(bytes));
    expect(readFileSync(join(folder, "data/same.bin"))).toEqual(Buffer.from(bytes));
    expect(readFileSync(join(folder, "data/link"), "utf8")).toBe("#!/bin/sh\r\n");
    expect(readlinkSync(join(folder, "data/link"))).toBe("../run.sh");
    expect([
      lstatSync(join(folder, "run.sh")).mode & 0o777,
      lstatSync(join(folder, "data/a.bin")).mode & 0o777,
    ]).toEqual([0o755, 0o644]);
  });

  it("leaves an empty git repository", async () => {
    await write([{ path: "a", bytes: "a" }]);
    const git = (...args: string[]) =>
      execFileSync("git", args, {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: process.env["PATH"], GIT_CEILING_DIRECTORIES: join(folder, "..") },
      });
    expect(git("status", "--porcelain")).toBe("?? a\n");
    expect(git("rev-parse", "--show-toplevel").trim()).toContain("inputs");
  });

  it.for([
    {
      what: "an absolute link",
      files: [link("l", "/etc/passwd")],
      says: /"l" to "\/etc\/passwd": it leaves the folder/,
    },
    { what: "a link that leaves", files: [link("a/l", "../../x")], says: /leaves the folder/ },
    {
      what: "a link that leaves through another",
      files: [{ path: "a/b/f", bytes: "" }, link("a/b/c", "../.."), link("l", "a/b/c/../x")],
      says: /"l" to .* leaves the folder/,
    },
    { what: "links in a circle", files: [link("a", "b"), link("b", "a")], says: /circle/ },
    { what: "a path that leaves", files: [{ path: "../x", bytes: "" }], says: /"\.\.\/x": "\.\." is no name/ },
    { what: "an absolute path", files: [{ path: "/x", bytes: "" }], says: /not a path below/ },
    { what: "a path into git", files: [{ path: "a/.GIT /hooks/x", bytes: "" }], says: /belongs to git/ },
    { what: "git's other name", files: [{ path: ".g\u200Cit/config", bytes: "" }], says: /belongs to git/ },
    { what: "a backslash", files: [{ path: "a\\..\\b", bytes: "" }], says: /backslash/ },
    {
      what: "two cases of one file",
      files: [
        { path: "Readme", bytes: "" },
        { path: "README", bytes: "1" },
      ],
      says: /"Readme" and "README" are one name/,
    },
    {
      what: "two cases of one folder",
      files: [
        { path: "A/x", bytes: "" },
        { path: "a/y", bytes: "1" },
      ],
      says: /"A" and "a" are one name/,
    },
    {
      what: "a file that is a folder",
      files: [
        { path: "a", bytes: "" },
        { path: "a/b", bytes: "1" },
      ],
      says: /"a": it is a file and a folder/,
    },
    {
      what: "a link that is a folder",
      files: [link("a", "."), { path: "a/b", bytes: "1" }],
      says: /file and a folder/,
    },
    {
      what: "a path twice",
      files: [
        { path: "a", bytes: "" },
        { path: "a", bytes: "1" },
      ],
      says: /"a" twice/,
    },
    { what: "a submodule", files: [{ path: "lib", bytes: "", mode: "160000" }], says: /"lib": it is a submodule/ },
    {
      what: "an LFS pointer",
      files: [
        {
          path: "big.bin",
          bytes: `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 1\n`,
        },
      ],
      says: /"big.bin": it is a pointer of Git LFS/,
    },
  ])("refuses $what", async ({ files, says }) => {
    await expect(write(files)).rejects.toThrow(says);
    expect(
      existsSync(folder) ? readdirSync(folder).filter((name) => lstatSync(join(folder, name)).isSymbolicLink()) : [],
    ).toEqual([]);
  });

  it("refuses bytes that are not the blob's", async () => {
    const { entries, read, blobs } = store([{ path: "a", bytes: "right" }]);
    for (const blob of blobs.keys()) blobs.set(blob, Buffer.from("wrong"));
    await expect(materialise({ entries, read, folder })).rejects.toThrow(/"a": its bytes hash to/);
  });

  it("says which object git lacks, and what to do", async () => {
    const { entries, blobs, read } = store([{ path: "a", bytes: "a" }]);
    blobs.clear();
    await expect(materialise({ entries, read, folder })).rejects.toThrow(/"a": git has no object .*fetch-depth: 0/);
  });

  it("refuses a folder that is not empty", async () => {
    writeFileSync(folder.replace(/inputs$/, "file"), "");
    await expect(materialise({ ...store([]), folder: join(folder, "..") })).rejects.toThrow(/not empty/);
  });
});
