import { describe, expect, it } from "vitest";
import type { Branches, Repository } from "#core/ports.ts";
import type { OpenFixture } from "./fixture/port-fixture.ts";

/** What every adapter of Branches promises, seen through the Repository of the same service. */
export function branchesContract(
  adapter: string,
  open: OpenFixture<{ branches: Branches; repository: Repository }>,
): void {
  describe(`Branches: ${adapter}`, () => {
    it("head() is undefined for a branch that does not exist", async () => {
      await using fixture = await open();
      expect(await fixture.port().branches.head("trainyard/retrain")).toBeUndefined();
      expect(await fixture.port().branches.head("main")).toBe(fixture.second);
    });

    it("commit() makes the branch, with the files on top of its parent, byte for byte", async () => {
      await using fixture = await open();
      const { branches } = fixture.port();
      const bytes = Uint8Array.from([0, 255, 13, 10]);
      const files = new Map([
        ["data/week 2.csv", bytes],
        ["README.md", Buffer.from("new\n")],
      ]);
      const made = await branches.commit({
        branch: "trainyard/retrain",
        parent: fixture.second,
        files,
        message: "Refresh",
      });
      expect(await branches.head("trainyard/retrain")).toBe(made);
      const { repository } = fixture.port();
      expect(await repository.commit(made)).toMatchObject({ parents: [fixture.second], message: "Refresh" });
      const tree = await repository.tree(made);
      expect([...tree.values()].map(({ path, mode }) => `${mode} ${path}`)).toEqual([
        "100644 README.md",
        "100644 data/week 1.csv",
        "100644 data/week 2.csv",
        "100755 train.sh",
      ]);
      const entry = tree.get("data/week 2.csv");
      expect(entry && [...(await repository.blob(entry.blob))]).toEqual([...bytes]);
    });

    it("commit() leaves a branch alone that somebody has moved meanwhile", async () => {
      await using fixture = await open();
      const { branches } = fixture.port();
      const order = {
        branch: "trainyard/retrain",
        parent: fixture.first,
        files: new Map([["a.txt", Buffer.from("a")]]),
      };
      const seen = await branches.commit({ ...order, message: "seen" });
      const theirs = await branches.commit({ ...order, parent: seen, message: "theirs" });
      const ours = branches.commit({ ...order, parent: seen, message: "ours", expected: seen });
      await expect(ours).rejects.toMatchObject({ code: "conflict" });
      expect(await branches.head("trainyard/retrain")).toBe(theirs);
    });

    it("commit() moves a branch that exists to another parent", async () => {
      await using fixture = await open();
      const { branches } = fixture.port();
      const files = new Map([["a.txt", Buffer.from("a")]]);
      await branches.commit({ branch: "trainyard/retrain", parent: fixture.first, files, message: "old" });
      const made = await branches.commit({
        branch: "trainyard/retrain",
        parent: fixture.second,
        files,
        message: "new",
      });
      expect(await branches.head("trainyard/retrain")).toBe(made);
      expect(await branches.head("main")).toBe(fixture.second);
    });
  });
}
