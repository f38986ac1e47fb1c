import { describe, expect, it } from "vitest";
import { isWrite, Killer, type Watcher } from "../local/kill.ts";
import { killEverywhere, type Left } from "../local/kill-everywhere.ts";
import { approval, mergePull, openWorld, promote, reconcile, shipPull } from "../local/local-story.ts";
import type { LocalWorld } from "../local/local-world.ts";
import { readState, type State } from "../local/world-state.ts";

const better = { "params.txt": "auc 0.8\n" };

/** Pull request 1 is reviewed and merged, and nobody has promoted it yet. */
async function openMerged(options: { promote?: string } = {}): Promise<LocalWorld> {
  const world = await openWorld(options);
  await reconcile(world, 1, 2);
  await mergePull(world, 1, better);
  return world;
}

function versionsIn({ tags }: State): readonly string[] {
  return Object.keys(tags).filter((name) => name.includes("@"));
}

function movesIn({ tags }: State): readonly string[] {
  return Object.keys(tags).filter((name) => name.includes("#"));
}

/** What must hold whenever somebody looks. */
function expectSound({ point, crashed }: Left, mostVersions: number): void {
  expect(versionsIn(crashed).length, point).toBeLessThanOrEqual(mostVersions);
  for (const move of movesIn(crashed)) {
    const version = /"version":"(v[\d.]+)"/.exec(crashed.tags[move]?.message ?? "")?.[1];
    const release = crashed.releases.find(({ tag }) => tag === `churn@${version}`);
    expect(release, `${point}: ${move} without a published release`).toMatchObject({ draft: false });
    expect(versionsIn(crashed), point).toContain(`churn@${version}`);
  }
}

describe("a promotion that is ended before or after any call of a port", () => {
  it("ends in the same state once somebody runs it again", async () => {
    const world = await openMerged();
    const { undisturbed, points, left } = await killEverywhere(
      world,
      async (there, watcher) => await promote(there, undefined, watcher),
    );
    expect(points.length).toBeGreaterThanOrEqual(90);
    expect(left.length).toBeGreaterThanOrEqual(9);
    expect(versionsIn(undisturbed)).toEqual(["churn@v1.0.0", "churn@v1.1.0"]);
    expect(movesIn(undisturbed)).toEqual(["churn#production#1", "churn#production#2"]);
    expect(undisturbed.deployments.filter((text) => text.endsWith("churn@v1.1.0 success"))).toHaveLength(1);
    expect(undisturbed.releases.map(({ tag, draft }) => [tag, draft])).toEqual([
      ["churn@v1.0.0", false],
      ["churn@v1.1.0", false],
    ]);
    for (const one of left) {
      expectSound(one, 2);
      expect.soft(one.finished, one.point).toEqual(undisturbed);
    }
  });

  it("goes back to every stage that the version held, ended before or after any write", async () => {
    const world = await openMerged({ promote: "{ stages: [staging, production] }" });
    await promote(world);
    await promote(world, { ...approval, why: "on" });
    expect(movesIn(readState(world))).toHaveLength(4);
    world.commit("main", { "params.txt": "auc 0.7\n" }, await sayRevert(world));
    const { undisturbed, points, left } = await killEverywhere(
      world,
      async (there, watcher) => await promote(there, undefined, watcher),
      isWrite,
    );
    expect(points.length).toBeGreaterThanOrEqual(10);
    expect(left.length).toBeGreaterThanOrEqual(5);
    expect(movesIn(undisturbed)).toHaveLength(6);
    expect(movesIn(undisturbed)).toEqual(expect.arrayContaining(["churn#staging#5", "churn#production#6"]));
    for (const one of left) {
      expectSound(one, 2);
      expect.soft(one.finished, one.point).toEqual(undisturbed);
    }
  });
});

async function sayRevert(world: LocalWorld): Promise<string> {
  const { head } = await world.ports().repository.defaultBranch();
  return `Revert "Work 1 (#1)"\n\nThis reverts commit ${head}.`;
}

describe("two who promote at once", () => {
  it("end with one version and one move, wherever the second comes between the first one's writes", async () => {
    const world = await openMerged();
    const alone = world.copy();
    const count = new Killer();
    await promote(alone, undefined, count.watcher);
    const wanted = readState(alone);
    const places = count.calls.flatMap((call, index) => (isWrite(call) ? [{ call, index }] : []));
    expect(places.length).toBeGreaterThanOrEqual(9);
    for (const { call, index } of places) {
      const there = world.copy();
      const waits: Watcher = async (_, at, when) => {
        if (at === index && when === "before") await promote(there);
      };
      await promote(there, undefined, waits);
      expect(readState(there), `the second came before ${call}`).toEqual(wanted);
    }
  });

  it("end with one version and one move when they go step by step", async () => {
    const world = await openMerged();
    const [one, two] = await Promise.all([promote(world), promote(world)]);
    const state = readState(world);
    expect(versionsIn(state)).toEqual(["churn@v1.0.0", "churn@v1.1.0"]);
    expect(movesIn(state)).toHaveLength(2);
    expect(state.releases).toHaveLength(2);
    expect([...one.promoted, ...two.promoted].flatMap(({ moved }) => moved)).toEqual(["production"]);
  });
});

describe("what lies in the way of a promotion", () => {
  it("is cleaned where it is a draft that another recipe's promotion left behind", async () => {
    const world = await openMerged();
    const killer = new Killer({ index: await findCall(world, "releases.upload", 2), when: "after" });
    await expect(promote(world, undefined, killer.watcher)).rejects.toThrow("Killed");
    const [, left] = readState(world).releases;
    expect(left).toMatchObject({ tag: "churn@v1.1.0", draft: true });
    await shipPull(world, 2, { "params.txt": "auc 0.9\n" });
    await promote(world);
    const { releases, tags } = readState(world);
    const artifact = /"artifact":"([0-9a-f]{64})"/.exec(tags["churn@v1.1.0"]?.message ?? "")?.[1] ?? "";
    expect(releases).toHaveLength(2);
    expect(releases[1]).toMatchObject({ tag: "churn@v1.1.0", draft: false });
    expect(releases[1]?.assets).toContain(`model.model.txt ${artifact}`);
    expect(releases[1]?.assets.filter((asset) => left?.assets.includes(asset))).toEqual([]);
    expect(releases[1]?.body).toContain(artifact);
  });

  it("is refused where it is a published release with other bytes", async () => {
    const world = await openMerged();
    const { releases } = world.ports();
    const file = world.keepFile("other", "other bytes");
    const { head: target } = await world.ports().repository.defaultBranch();
    const { id } = await releases.createDraft({ tag: "churn@v1.1.0", target, title: "Mine", body: "" });
    await releases.upload(id, "model.model.txt", file);
    await releases.publish(id);
    const before = readState(world);
    await expect(promote(world)).rejects.toThrow(
      'Cannot promote "churn@v1.1.0": its published release holds other bytes in "model.model.txt" than were reviewed. Delete that release and its tag',
    );
    expect(readState(world)).toEqual(before);
  });
});

/** The index of the nth call of this name that a promotion makes. */
async function findCall(world: LocalWorld, name: string, nth: number): Promise<number> {
  const copy = world.copy();
  const count = new Killer();
  await promote(copy, undefined, count.watcher);
  return count.calls.flatMap((call, index) => (call === name ? [index] : []))[nth - 1] ?? -1;
}
