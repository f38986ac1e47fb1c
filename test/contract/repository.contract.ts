import { describe, expect, it } from "vitest";
import { parseBlobSha, parseCommitSha } from "#core/names.ts";
import type { Repository } from "#core/ports.ts";
import type { OpenFixture } from "./fixture/port-fixture.ts";

const nowhere = "0123456789012345678901234567890123456789";

/**
 * What every adapter of Repository promises. The fixture's second commit holds `README.md`, `data/week 1.csv` and the
 * executable `train.sh`; its first one only `README.md`.
 */
export function repositoryContract(adapter: string, open: OpenFixture<Repository>): void {
  describe(`Repository: ${adapter}`, () => {
    it("defaultBranch() names main and its head", async () => {
      await using fixture = await open();
      expect(await fixture.port().defaultBranch()).toEqual({ name: "main", head: fixture.second });
    });

    it("commit() tells parents and message, or undefined", async () => {
      await using fixture = await open();
      const port = fixture.port();
      expect(await port.commit(fixture.second)).toMatchObject({
        sha: fixture.second,
        parents: [fixture.first],
        message: "Add data\n\nof week 1",
      });
      expect((await port.commit(fixture.first))?.parents).toEqual([]);
      expect(await port.commit(parseCommitSha(nowhere))).toBeUndefined();
    });

    it("tree() lists every file, by commit and by tree", async () => {
      await using fixture = await open();
      const port = fixture.port();
      const tree = await port.tree(fixture.second);
      expect([...tree.values()].map(({ path, mode }) => `${mode} ${path}`)).toEqual([
        "100644 README.md",
        "100644 data/week 1.csv",
        "100755 train.sh",
      ]);
      const commit = await port.commit(fixture.second);
      expect(await port.tree(commit?.tree ?? fixture.second)).toEqual(tree);
      await expect(port.tree(parseCommitSha(nowhere))).rejects.toMatchObject({ code: "not-found" });
    });

    it("blob() gives the bytes as they are", async () => {
      await using fixture = await open();
      const port = fixture.port();
      const entry = (await port.tree(fixture.second)).get("data/week 1.csv");
      expect(Buffer.from(await port.blob(entry?.blob ?? parseBlobSha(nowhere))).toString("latin1")).toBe(
        "a,b\r\n1,\xff\n",
      );
      await expect(port.blob(parseBlobSha(nowhere))).rejects.toMatchObject({ code: "not-found" });
    });

    it("mergeBase() finds where two commits parted", async () => {
      await using fixture = await open();
      expect(await fixture.port().mergeBase(fixture.first, fixture.second)).toBe(fixture.first);
      expect(await fixture.port().mergeBase(fixture.second, fixture.second)).toBe(fixture.second);
    });
  });
}
