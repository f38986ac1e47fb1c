import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { compareFolder } from "#core/pointer/compare-folder.ts";
import { addDvcRemote } from "#core/pointer/add-dvc-remote.ts";
import { digestFolder, readListing, writeListing } from "#core/pointer/folder-listing.ts";
import { isPointerPath, placeOut } from "#core/pointer/pointer.ts";
import { readDvcRemote } from "#core/pointer/read-dvc-config.ts";
import { readDvcPointer } from "#core/pointer/read-dvc-pointer.ts";
import { readLfsPointer } from "#core/pointer/read-lfs-pointer.ts";
import { writeDvcPointer } from "#core/pointer/write-dvc-pointer.ts";
import { readRemoteAddress, readStoreAddress } from "#core/store-address.ts";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
const [a, b] = ["a08e5cdb5b29dfa49e39a5c15aff06f6", "8b2bd965d05ef7bd333a05d222b87b38"];
const sha256 = "9c829dc54680c965b7901be3a17683fe7942acc2f311c510dfef8385e0aee35c";

describe("a pointer", () => {
  it("is written as DVC 3.67.1 leaves it when it writes it again", () => {
    const out = { path: "img", md5: b, folder: true, size: 6, nfiles: 4, sha256 };
    expect(writeDvcPointer([out])).toBe(
      `outs:\n- md5: ${b}.dir\n  size: 6\n  nfiles: 4\n  hash: md5\n  path: img\nmeta:\n  trainyard:\n  - md5: ${b}.dir\n    sha256: ${sha256}\n`,
    );
    expect(readDvcPointer(writeDvcPointer([out]), "img.dvc")).toEqual([{ ...out, legacy: false }]);
  });

  it("is read as DVC writes it; a SHA-256 of other bytes is passed over", () => {
    const text = `outs:\n- md5: ${a}\n  size: 9\n  hash: md5\n  path: train.csv\nmeta:\n  team: ours\n  trainyard:\n  - md5: ${b}\n    sha256: ${sha256}\n`;
    expect(readDvcPointer(text, "x.dvc")).toEqual([
      { path: "train.csv", md5: a, folder: false, size: 9, nfiles: undefined, sha256: undefined, legacy: false },
    ]);
    expect(readDvcPointer(`outs:\n- {md5: ${a}, path: x}\n`, "x.dvc")).toMatchObject([{ legacy: true }]);
  });

  it.for([
    ["outs: [", /it is no YAML/],
    ["a: &a [*a]", /it is no YAML|no "outs"/],
    ["deps: []", /no "outs"/],
    [`outs:\n- {md5: ${a}, path: ../x, hash: md5}`, /"\.\.\/x" is no path below/],
    [`outs:\n- {md5: ${a}, path: /etc/x, hash: md5}`, /no path below/],
    [`outs:\n- {md5: ${a}, path: .GIT/hooks/post-checkout, hash: md5}`, /no path below/],
    [`outs:\n- {md5: ${a}, path: .dvc/config, hash: md5}`, /no path below/],
    [`outs:\n- {path: x}`, /has no md5/],
    [`outs:\n- {md5: zz, path: x, hash: md5}`, /"zz", and not 32 hex digits/],
    [`outs:\n- {md5: ${a}, path: x, hash: blake3}`, /only md5 is read/],
    [`wdir: ..\nouts:\n- {md5: ${a}, path: x, hash: md5}`, /"wdir"/],
  ] as const)("refuses %s", ([text, because]) => {
    expect(() => readDvcPointer(text, "data/x.dvc")).toThrow(/Cannot read the pointer "data\/x.dvc": /);
    expect(() => readDvcPointer(text, "data/x.dvc")).toThrow(because);
  });

  it("is told by its path", () => {
    expect(["a.dvc", "d/a.csv.dvc", ".dvc", "d/.dvc", ".dvc/config.dvc", "a.csv"].filter(isPointerPath)).toEqual([
      "a.dvc",
      "d/a.csv.dvc",
    ]);
    expect(placeOut("d/e/x.csv.dvc", { path: "x.csv" })).toBe("d/e/x.csv");
  });
});

describe("the listing of a folder", () => {
  const files = [
    { relpath: "sub/ü 😀.txt", md5: md5("y\n") },
    { relpath: "b.txt", md5: md5("x\n") },
    { relpath: "a.txt", md5: md5("x\n") },
    { relpath: "empty", md5: md5("") },
  ];

  it("has the id that DVC 3.67.1 computes for the same files", () => {
    expect(md5(writeListing(files))).toBe(b);
    expect(readListing(Buffer.from(writeListing(files)), "img").map(({ relpath }) => relpath)).toEqual([
      "a.txt",
      "b.txt",
      "empty",
      "sub/ü 😀.txt",
    ]);
  });

  it("goes by code points, not by UTF-16", () => {
    const odd = ["\u{1f600}", "\uff21"].map((relpath) => ({ relpath, md5: a }));
    expect(readListing(Buffer.from(writeListing(odd)), "x").map(({ relpath }) => relpath)).toEqual([
      "\uff21",
      "\u{1f600}",
    ]);
  });

  it.for([
    [["a", "a"], /has "a" twice/],
    [["a/b/c", "a/b"], /"a\/b" is a file and a folder at once/],
  ] as const)("refuses %j", ([paths, because]) => {
    const listed = paths.map((relpath) => ({ md5: a, relpath }));
    expect(() => readListing(Buffer.from(JSON.stringify(listed)), "img")).toThrow(because);
  });

  it.for(["../x", "/x", "a//b", "a\\b", ".git/config", "x/.Git /config"])("refuses the path %s", (relpath) => {
    expect(() => readListing(Buffer.from(JSON.stringify([{ md5: a, relpath }])), "img")).toThrow(/is no path below it/);
  });

  it("is compared with what lies there, file by file", () => {
    const [a, b] = ["a", "b"].map((digit) => digit.repeat(32));
    const file = (relpath: string, md5 = a): { relpath: string; md5: string } => ({ relpath, md5: md5 ?? "" });
    expect(compareFolder([file("x"), file("y"), file("z")], [file("z"), file("y", b), file("w/v"), file("u")])).toEqual(
      {
        edited: ["y"],
        removed: ["x"],
        added: ["u", "w/v"],
      },
    );
  });

  it("has a SHA-256 that does not hang on the order", () => {
    const known = files.map(({ relpath }) => ({ relpath, sha256 }));
    expect(digestFolder(known)).toBe(digestFolder(known.toReversed()));
    expect(digestFolder(known)).not.toBe(digestFolder(known.slice(1)));
  });
});

describe("a store's address", () => {
  it("comes from DVC's config, local words over shared ones, keys left alone", () => {
    const config = `[core]\n    remote = there\n['remote "there"']\n    url = s3://bucket/a/b/\n    endpointurl = http://localhost:9000\n`;
    const local = `['remote "there"']\n    access_key_id = hunter2\n    region = eu-central-1\n`;
    const remote = readDvcRemote([config, local]);
    expect(remote).toEqual({
      name: "there",
      url: "s3://bucket/a/b/",
      endpoint: "http://localhost:9000",
      region: "eu-central-1",
    });
    expect(remote && readRemoteAddress(remote)).toEqual({
      address: {
        kind: "s3",
        bucket: "bucket",
        prefix: "a/b",
        endpoint: "http://localhost:9000",
        region: "eu-central-1",
      },
    });
    expect(readDvcRemote(["[core]\nanalytics = false\n"])).toBeUndefined();
  });

  it("goes into a config of DVC that names no remote, and into no other", () => {
    const url = { url: "../../store" };
    const written = `[core]\n    remote = store\n['remote "store"']\n    url = ../../store\n`;
    expect(addDvcRemote("", [""], url)).toBe(written);
    expect(addDvcRemote("[cache]\ndir = c\n[core]\r\nautostage = true", [], url)).toBe(
      `[cache]\ndir = c\n[core]\n    remote = store\nautostage = true\n['remote "store"']\n    url = ../../store\n`,
    );
    for (const theirs of ["[core]\nremote = x\n", `['remote "x"']\nurl = /x\n`]) {
      expect(addDvcRemote(theirs, [], url)).toBeUndefined();
      expect(addDvcRemote("", [theirs], url)).toBeUndefined();
    }
  });

  it("of a folder begins where DVC's does", () => {
    const remote = readDvcRemote([`[core]\nremote = s\n[remote "s"]\nurl = ../../store\n`]);
    expect(remote && readRemoteAddress(remote)).toEqual({ address: { kind: "folder", path: "../store" } });
  });

  it.for([
    [{ url: "releases" }, { address: { kind: "releases" } }],
    [{ url: "gs://bucket/x" }, { address: { kind: "foreign", scheme: "gs" } }],
    [{ url: "s3://UP/x y" }, { problem: 'write it as "s3://bucket/folder"' }],
    [
      { url: "s3://data", endpoint: "https://me:secret@host" },
      { problem: expect.stringContaining("holds a password") },
    ],
    [{ url: "s3://data", endpoint: "ftp://host" }, { problem: expect.stringContaining("reached by ftp:") }],
  ] as const)("of %o", ([words, expected]) => {
    const said = readStoreAddress(words);
    expect(said).toEqual(expected);
    expect(JSON.stringify(said)).not.toContain("secret");
  });
});

it("a pointer of Git LFS is told from a file that only begins like one", () => {
  const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize 9\n`;
  expect(readLfsPointer(Buffer.from(text))).toEqual({ sha256, size: 9 });
  expect(readLfsPointer(Buffer.from(text.replace("sha256:9", "sha1:9")))).toBeUndefined();
  expect(readLfsPointer(Buffer.from("version 2\n"))).toBeUndefined();
});
