import { describe, expect, it } from "vitest";
import type { EvidenceStore } from "#core/ports.ts";
import type { OpenFixture } from "./fixture/port-fixture.ts";

/** What every adapter of EvidenceStore promises. */
export function evidenceContract(adapter: string, open: OpenFixture<EvidenceStore>): void {
  describe(`EvidenceStore: ${adapter}`, () => {
    it("list() is empty and read() undefined before the first record", async () => {
      await using fixture = await open();
      expect(await fixture.port().list()).toEqual([]);
      expect(await fixture.port().read("runs/a/1.json")).toBeUndefined();
    });

    it("write() adds records that another handle reads", async () => {
      await using fixture = await open();
      await fixture.port().write(
        new Map([
          ["runs/a/1.json", `{"grüße":"✓"}\n`],
          ["runs/b/1.json", "{}\n"],
        ]),
        "two runs",
      );
      const other = fixture.port();
      expect([...(await other.list())].sort()).toEqual(["runs/a/1.json", "runs/b/1.json"]);
      expect(await other.read("runs/a/1.json")).toBe(`{"grüße":"✓"}\n`);
      expect(await other.read("runs/a")).toBeUndefined();
      expect(await other.read("runs/c/1.json")).toBeUndefined();
    });

    it("write() replaces a record and keeps the others", async () => {
      await using fixture = await open();
      const port = fixture.port();
      await port.write(
        new Map([
          ["a.json", "1"],
          ["b.json", "1"],
        ]),
        "first",
      );
      await port.write(
        new Map([
          ["b.json", "2"],
          ["c.json", "2"],
        ]),
        "second",
      );
      expect([...(await port.list())].sort()).toEqual(["a.json", "b.json", "c.json"]);
      expect(await port.read("a.json")).toBe("1");
      expect(await port.read("b.json")).toBe("2");
    });

    it("write() of many handles at once loses nothing", async () => {
      await using fixture = await open();
      const names = Array.from({ length: 8 }, (_, n) => `runs/${n}.json`);
      await Promise.all(
        names.map((name) =>
          fixture.port().write(
            new Map([
              [name, name],
              ["shared.json", name],
            ]),
            name,
          ),
        ),
      );
      const after = fixture.port();
      expect([...(await after.list())].sort()).toEqual([...names, "shared.json"]);
      for (const name of names) expect(await after.read(name)).toBe(name);
      expect(names).toContain(await after.read("shared.json"));
    });

    it("write() refuses a path that leaves the branch", async () => {
      await using fixture = await open();
      const written = fixture.port().write(new Map([["../outside.json", "1"]]), "x");
      await expect(written).rejects.toMatchObject({ name: "ServiceError" });
      expect(await fixture.port().list()).toEqual([]);
    });
  });
}
