import { describe, expect, it } from "vitest";
import type { Tags } from "#core/ports.ts";
import type { OpenFixture } from "./fixture/port-fixture.ts";

const date = new Date("2026-03-04T05:06:07Z");

/** What every adapter of Tags promises. */
export function tagsContract(adapter: string, open: OpenFixture<Tags>): void {
  describe(`Tags: ${adapter}`, () => {
    it("create() makes an annotated tag that list() and read() show", async () => {
      await using fixture = await open();
      const made = await fixture
        .port()
        .create({ name: "churn@v1.0.0", target: fixture.first, message: "Registering\n\nrecipe: abc", date });
      expect(made).toBe("created");
      const [ref, ...others] = await fixture.port().list("churn@");
      expect(others).toEqual([]);
      expect(ref).toMatchObject({ name: "churn@v1.0.0", annotated: true });
      expect(await fixture.port().read(ref?.object ?? "")).toMatchObject({
        name: "churn@v1.0.0",
        target: fixture.first,
        message: "Registering\n\nrecipe: abc",
        date,
      });
    });

    it("create() answers exists for a name that is taken, and leaves it as it was", async () => {
      await using fixture = await open();
      const tag = { name: "churn#production#1", target: fixture.first, message: "one", date };
      expect(await fixture.port().create(tag)).toBe("created");
      expect(await fixture.port().create({ ...tag, target: fixture.second, message: "two" })).toBe("exists");
      const [ref] = await fixture.port().list("churn#");
      expect(await fixture.port().read(ref?.object ?? "")).toMatchObject({ target: fixture.first, message: "one" });
    });

    it("create() lets one of many that race have the name", async () => {
      await using fixture = await open();
      const racers = Array.from({ length: 8 }, (_, n) =>
        fixture.port().create({ name: "churn#production#7", target: fixture.first, message: `racer ${n}`, date }),
      );
      const answers = await Promise.all(racers);
      expect(answers.filter((answer) => answer === "created")).toHaveLength(1);
      expect(answers.filter((answer) => answer === "exists")).toHaveLength(7);
    });

    it("list() tells prefixes apart, and is empty where there is none", async () => {
      await using fixture = await open();
      const port = fixture.port();
      for (const name of ["churn@v1.0.0", "churn-eu@v1.0.0", "churn#staging#1"]) {
        await port.create({ name, target: fixture.first, message: name, date });
      }
      expect((await port.list("churn")).map((tag) => tag.name).sort()).toEqual([
        "churn#staging#1",
        "churn-eu@v1.0.0",
        "churn@v1.0.0",
      ]);
      expect((await port.list("churn@")).map((tag) => tag.name)).toEqual(["churn@v1.0.0"]);
      expect(await port.list("fraud@")).toEqual([]);
    });

    it("read() answers many at once as it answers each", async () => {
      await using fixture = await open();
      const tags = ["churn@v1.0.0", "churn@v1.1.0", "churn#production#1"].map((name, n) => ({
        name,
        target: n === 1 ? fixture.second : fixture.first,
        message: `Registering\n"${name}" {é}`,
        date: new Date(date.getTime() + n * 60_000),
      }));
      for (const tag of tags) await fixture.port().create(tag);
      const objects = (await fixture.port().list("churn")).map(({ object }) => object);
      const port = fixture.port();
      const together = await Promise.all([...objects, fixture.first].map(async (object) => await port.read(object)));
      const alone = await Promise.all(objects.map(async (object) => await fixture.port().read(object)));
      expect(together).toEqual([...alone, undefined]);
      const byName = (a?: { name: string }, b?: { name: string }): number =>
        (a?.name ?? "") < (b?.name ?? "") ? -1 : 1;
      expect(alone.toSorted(byName)).toMatchObject(tags.toSorted(byName));
    });

    it("read() answers undefined for what is no annotated tag", async () => {
      await using fixture = await open();
      expect(await fixture.port().read(fixture.first)).toBeUndefined();
      expect(await fixture.port().read("0123456789012345678901234567890123456789")).toBeUndefined();
    });

    it("create() refuses a commit that is not there", async () => {
      await using fixture = await open();
      const target = fixture.first.replace(/./g, "a") as typeof fixture.first;
      const made = fixture.port().create({ name: "churn@v9.0.0", target, message: "x", date });
      await expect(made).rejects.toMatchObject({ name: "ServiceError" });
    });
  });
}
