import { describe, expect, it } from "vitest";
import type { TreeEntry } from "#core/identity/tree.ts";
import { planLoop } from "#flow/plan/plan-loop.ts";
import { makeBigRepository } from "../../../scripts/big-repository.ts";

/** A tree that counts how often somebody walks over all of its files. */
class WalkedTree extends Map<string, TreeEntry> {
  walks = 0;

  override values(): MapIterator<TreeEntry> {
    this.walks += 1;
    return super.values();
  }

  override keys(): MapIterator<string> {
    this.walks += 1;
    return super.keys();
  }

  override entries(): MapIterator<[string, TreeEntry]> {
    this.walks += 1;
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, TreeEntry]> {
    this.walks += 1;
    return super[Symbol.iterator]();
  }
}

async function countWalks(models: number, shared: boolean): Promise<{ walks: number; tasks: number }> {
  const trees: WalkedTree[] = [];
  const { ports } = makeBigRepository({
    files: 20_000,
    models,
    shared,
    makeTree: (entries) => {
      const tree = new WalkedTree();
      for (const entry of entries) tree.set(entry.path, entry);
      trees.push(tree);
      return tree;
    },
  });
  const { plan } = await planLoop(ports, { kind: "pull", number: 1 }, undefined);
  return { walks: trees.reduce((sum, { walks }) => sum + walks, 0), tasks: plan?.tasks.length ?? 0 };
}

describe("planning in a repository of 20,000 files", () => {
  it.for([
    [50, false, 1],
    [8, true, 8],
    [50, true, 50],
  ] as const)(
    "with %i models, all of them changed: %s, plans %i trainings and walks the files as often as with one",
    async ([models, shared, tasks]) => {
      const { walks } = await countWalks(8, false);
      expect(await countWalks(models, shared)).toEqual({ walks, tasks });
      expect(walks).toBeLessThanOrEqual(6);
    },
  );
});
