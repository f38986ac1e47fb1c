import { parseVersion, type Version } from "#core/names.ts";

type Numbers = readonly [number, number, number];

function numbers(version: Version): Numbers {
  const [major = 0, minor = 0, patch = 0] = version.slice(1).split(".").map(Number);
  return [major, minor, patch];
}

/** Orders versions as SemVer does: negative where `a` comes first. */
export function compareVersions(a: Version, b: Version): number {
  const [left, right] = [numbers(a), numbers(b)];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** The version that a newly registered run gets: `v1.0.0` first, then one bump above the highest there is. */
export function nextVersion(taken: readonly Version[], bump: "major" | "minor" | "patch"): Version {
  const highest = [...taken].sort(compareVersions).at(-1);
  if (highest === undefined) return parseVersion("v1.0.0");
  const [major, minor, patch] = numbers(highest);
  if (bump === "major") return parseVersion(`v${major + 1}.0.0`);
  if (bump === "minor") return parseVersion(`v${major}.${minor + 1}.0`);
  return parseVersion(`v${major}.${minor}.${patch + 1}`);
}
