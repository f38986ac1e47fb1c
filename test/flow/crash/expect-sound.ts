import { expect } from "vitest";
import type { State } from "../local/world-state.ts";

/** What must hold whenever somebody looks: others act on it. */
export function expectSound(state: State, point: string): void {
  expectReleased(state, point);
  expectOneVersion(state, point);
  expectReviewed(state, point);
  expectDeployed(state, point);
}

/** A stage tag names a version whose tag is there and whose release is published with its model. */
function expectReleased({ tags, releases }: State, point: string): void {
  for (const [name, { target, message }] of Object.entries(tags)) {
    const [, model] = /^([^#@]+)#/.exec(name) ?? [];
    if (model === undefined || name.includes("!")) continue;
    const version = `${model}@${/"version":"(v[\d.]+)"/.exec(message)?.[1]}`;
    expect(tags[version]?.target, `${point}: "${name}" without "${version}" where it says`).toBe(target);
    const release = releases.find(({ tag }) => tag === version);
    expect(release, `${point}: "${name}" without a published release`).toMatchObject({ draft: false });
    expect(
      release?.assets.some((asset) => asset.startsWith("model.")),
      point,
    ).toBe(true);
  }
}

/** One version a recipe; a published release has the tag of its version. */
function expectOneVersion({ tags, releases }: State, point: string): void {
  const recipes = Object.entries(tags)
    .filter(([name]) => name.includes("@"))
    .map(([name, { message }]) => `${name.split("@")[0]} ${/"recipe":"([0-9a-f]+)"/.exec(message)?.[1]}`);
  expect(new Set(recipes).size, `${point}: two versions of one recipe`).toBe(recipes.length);
  for (const { tag, draft } of releases)
    if (!draft) expect(tags[tag], `${point}: "${tag}" is published without its tag`).toBeDefined();
  const published = releases.filter(({ draft }) => !draft).map(({ tag }) => tag);
  expect(new Set(published).size, point).toBe(published.length);
}

/** A green check of a pull request has the comparison and the review that it stands on. */
function expectReviewed({ conversation: { checks, pulls }, evidence }: State, point: string): void {
  const newest = new Map(checks.map(({ head, check }) => [head, check]));
  for (const { head, state } of pulls) {
    const check = newest.get(head.sha);
    const isGreen = check?.state.kind === "completed" && check.state.conclusion === "success";
    if (!isGreen || state === "closed" || !/better|as good|accepted|goes back/.test(check.title)) continue;
    const review = Object.entries(evidence).filter(
      ([path, text]) => path.endsWith(`-${head.sha.slice(0, 12)}.json`) && /"green": true/.test(text),
    );
    expect(review.length, `${point}: a green check without a review`).toBeGreaterThan(0);
  }
}

/** A deployment says only what a stage tag says. */
function expectDeployed({ deployments, tags }: State, point: string): void {
  for (const text of deployments) {
    const [, target = "", version = ""] = text.split(" ");
    const model = version.split("@")[0] ?? "";
    const moved = Object.entries(tags).some(
      ([name, tag]) =>
        name.startsWith(`${model}#`) && tag.target === target && tag.message.includes(version.slice(model.length + 1)),
    );
    expect(moved, `${point}: "${text}" without a move`).toBe(true);
  }
}
