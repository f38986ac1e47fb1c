import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Bytes, Releases } from "#core/ports.ts";
import { scratchFolder } from "./fixture/git-folders.ts";
import type { OpenFixture } from "./fixture/port-fixture.ts";

const sha256 = (bytes: string): string => createHash("sha256").update(bytes).digest("hex");

/** What every adapter of Releases promises, and Bytes for what lies in a release. */
export function releasesContract(adapter: string, open: OpenFixture<{ releases: Releases; bytes: Bytes }>): void {
  describe(`Releases and Bytes: ${adapter}`, () => {
    it("find() shows a draft with what was uploaded, then the same published", async () => {
      await using fixture = await open();
      await using scratch = await scratchFolder();
      const file = join(scratch.folder, "model.onnx");
      await writeFile(file, "weights");
      const { releases } = fixture.port();
      expect(await releases.find("churn@v1.0.0")).toBeUndefined();
      const draft = await releases.createDraft({
        tag: "churn@v1.0.0",
        target: fixture.first,
        title: "churn v1.0.0",
        body: "Notes",
      });
      expect(draft).toMatchObject({
        tag: "churn@v1.0.0",
        draft: true,
        title: "churn v1.0.0",
        body: "Notes",
        assets: [],
      });
      await releases.upload(draft.id, "model.out..model.onnx", file);
      const other = fixture.port().releases;
      const uploaded = await other.find("churn@v1.0.0");
      expect(uploaded).toMatchObject({ id: draft.id, draft: true });
      expect(uploaded?.assets).toEqual([{ name: "model.out..model.onnx", size: 7, sha256: sha256("weights") }]);
      await other.publish(draft.id);
      expect(await fixture.port().releases.find("churn@v1.0.0")).toMatchObject({ id: draft.id, draft: false });
    });

    it("upload() of the same bytes again is nothing, of other bytes a conflict", async () => {
      await using fixture = await open();
      await using scratch = await scratchFolder();
      const [one, two] = [join(scratch.folder, "one"), join(scratch.folder, "two")];
      await writeFile(one, "1");
      await writeFile(two, "2");
      const { releases } = fixture.port();
      const { id } = await releases.createDraft({ tag: "churn@v1.0.0", target: fixture.first, title: "t", body: "b" });
      await releases.upload(id, "trainyard.json", one);
      await releases.upload(id, "trainyard.json", one);
      await expect(releases.upload(id, "trainyard.json", two)).rejects.toMatchObject({ code: "conflict" });
      await releases.removeAsset(id, "trainyard.json");
      await releases.removeAsset(id, "trainyard.json");
      await releases.upload(id, "trainyard.json", two);
      expect((await releases.find("churn@v1.0.0"))?.assets).toEqual([
        { name: "trainyard.json", size: 1, sha256: sha256("2") },
      ]);
    });

    it("fetch() gives all files of a model under their own paths, or one asset", async () => {
      await using fixture = await open();
      await using scratch = await scratchFolder();
      const file = join(scratch.folder, "file");
      const { releases } = fixture.port();
      const { id } = await releases.createDraft({ tag: "churn@v1.0.0", target: fixture.first, title: "t", body: "b" });
      for (const name of ["model.a.bin", "model.sub..b.bin", "predictions.0123.csv"]) {
        await writeFile(file, `bytes of ${name}`);
        await releases.upload(id, name, file);
      }
      const { bytes } = fixture.port();
      const folder = join(scratch.folder, "model");
      await mkdir(folder);
      const model = { kind: "release-asset", tag: "churn@v1.0.0", name: "model" } as const;
      expect(await bytes.available(model)).toBe(true);
      expect([...((await bytes.fetch(model, folder)) ?? [])].sort()).toEqual(["a.bin", "sub/b.bin"]);
      expect(await readFile(join(folder, "sub", "b.bin"), "utf8")).toBe("bytes of model.sub..b.bin");
      await releases.publish(id);
      const predictions = { ...model, name: "predictions.0123.csv" };
      expect(await fixture.port().bytes.fetch(predictions, folder)).toEqual(["predictions.0123.csv"]);
      expect(await readFile(join(folder, "predictions.0123.csv"), "utf8")).toBe("bytes of predictions.0123.csv");
    });

    it("fetch() answers undefined where the bytes cannot be had", async () => {
      await using fixture = await open();
      await using scratch = await scratchFolder();
      const { bytes } = fixture.port();
      const gone = { kind: "release-asset", tag: "churn@v9.0.0", name: "model" } as const;
      expect(await bytes.available(gone)).toBe(false);
      expect(await bytes.fetch(gone, scratch.folder)).toBeUndefined();
      expect(await bytes.fetch({ kind: "local", path: "/etc/passwd" }, scratch.folder)).toBeUndefined();
    });
  });
}
