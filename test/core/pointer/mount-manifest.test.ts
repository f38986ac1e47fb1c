import { expect, it } from "vitest";
import { readMountManifest, sampleFiles, writeMountedFile } from "#core/pointer/mount-manifest.ts";

const sha256 = "9c829dc54680c965b7901be3a17683fe7942acc2f311c510dfef8385e0aee35c";

it("a manifest is read as JSON lines and as CSV", () => {
  const file = { path: 'a, "b".jpg', size: 3, sha256 };
  expect(readMountManifest(writeMountedFile(file), "m")).toEqual([file]);
  expect(readMountManifest(`path,size,sha256,etag\r\n"a, ""b"".jpg",3,${sha256},\r\nc,4,,abc-2\r\n`, "m")).toEqual([
    file,
    { path: "c", size: 4, etag: "abc-2" },
  ]);
});

it.for([
  ["", /line 1: it is neither JSON lines nor CSV/],
  ["path,size\n", /it lists no file/],
  ['{"path":"a"}', /line 1: it has no path, no size/],
  ['{"path":"a","size":1}\n{"path":"a","size":1}', /line 2: "a" is there twice/],
  ['{"path":"../a","size":1}', /"\.\.\/a" is no path below the mount/],
  ['{"path":"a","size":1}\nnonsense', /line 2: /],
] as const)("a manifest of %s is refused", ([text, because]) => {
  expect(() => readMountManifest(text, "data/x.jsonl")).toThrow(because);
});

it("a sample is the same every time, another one for another list, and not the first files", () => {
  const files = Array.from({ length: 1_000 }, (_, index) => ({ path: `f${index}`, size: index }));
  const sample = sampleFiles(files, 50);
  expect(sample).toHaveLength(50);
  expect(sampleFiles(files, 50)).toEqual(sample);
  expect(sampleFiles([...files, { path: "more", size: 1 }], 50)).not.toEqual(sample);
  expect(sample.filter(({ size }) => size >= 500).length).toBeGreaterThan(10);
  expect(sampleFiles(files.slice(0, 9), 50)).toHaveLength(9);
});
