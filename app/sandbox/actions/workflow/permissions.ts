import type { WrittenPermissions } from "./workflow.ts";

export type Level = "none" | "read" | "write";
/** What a job's token may do, by the names that workflows use (`pull-requests`). */
export type JobPermissions = Readonly<Record<string, Level>>;

const rank = { none: 0, read: 1, write: 2 };

export const permissionNames = [
  "actions",
  "artifact-metadata",
  "attestations",
  "checks",
  "code-quality",
  "contents",
  "deployments",
  "discussions",
  "id-token",
  "issues",
  "models",
  "packages",
  "pages",
  "pull-requests",
  "repository-projects",
  "security-events",
  "statuses",
];

/** GitHub's default of today, where nothing is written. */
export const defaultPermissions: JobPermissions = { contents: "read", packages: "read" };

/** What is written, spelt out: names that are left out have none. */
export function spellOut(written: WrittenPermissions): JobPermissions {
  if (written.kind === "some") return written.levels;
  return Object.fromEntries(
    permissionNames.map((name) => [name, name === "id-token" && written.level === "read" ? "none" : written.level]),
  );
}

/** Where a request goes beyond what is granted, in the order of names. */
export function findExcess(
  asked: JobPermissions,
  granted: JobPermissions,
): { name: string; asked: Level; granted: Level }[] {
  return Object.entries(asked).flatMap(([name, level]) => {
    const allowed = granted[name] ?? "none";
    return rank[level] > rank[allowed] ? [{ name, asked: level, granted: allowed }] : [];
  });
}

/** A fork's token writes nothing. */
export function capAtRead(permissions: JobPermissions): JobPermissions {
  return Object.fromEntries(
    Object.entries(permissions).map(([name, level]) => [
      name,
      level === "write" && name !== "id-token" ? "read" : name === "id-token" ? "none" : level,
    ]),
  );
}
