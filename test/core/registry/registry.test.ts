import { describe, expect, it } from "vitest";
import { parseVersion } from "#core/names.ts";
import { findStageProblem } from "#core/registry/find-stage-problem.ts";
import { foldTags } from "#core/registry/registry.ts";
import { readAssignment, readRegistration, writeAssignment, writeRegistration } from "#core/registry/tag-message.ts";
import { readTagName, writeStageTag, writeVersionTag } from "#core/registry/tag-name.ts";
import { compareVersions, nextVersion } from "#core/registry/version.ts";

/** Refs of annotated tags; a name with "~" before it is a lightweight one. */
function refs(...names: readonly string[]): { name: string; object: string; annotated: boolean }[] {
  return names.map((name, index) => ({
    name: name.replace("~", ""),
    object: `o${index}`,
    annotated: !name.startsWith("~"),
  }));
}

describe("foldTags()", () => {
  it("orders moves by counter and versions by number, whatever the order of the refs", () => {
    const tags = foldTags(
      "churn",
      refs("churn#production#10", "churn#production#9", "churn@v1.10.0", "churn@v1.9.0", "churn#staging#8"),
    );
    expect(tags.moves.map(({ name }) => name)).toEqual([
      "churn#staging#8",
      "churn#production#9",
      "churn#production#10",
    ]);
    expect(tags.versions.map(({ version }) => version)).toEqual(["v1.9.0", "v1.10.0"]);
    expect(tags.nextCounter).toBe(11);
  });

  it.for<
    readonly [
      what: string,
      names: readonly string[],
      versions: readonly string[],
      taken: readonly string[],
      next: number,
    ]
  >([
    ["nothing", [], [], [], 1],
    ["another model's", ["fraud@v1.0.0", "fraud#production#3", "churn-eu@v2.0.0"], [], [], 1],
    ["lightweight ones: they take their name", ["~churn@v1.0.0", "~churn#production#4"], ["v1.0.0"], ["v1.0.0"], 5],
    ["one that was taken back", ["churn@v1.0.0", "churn@v1.0.0!"], [], ["v1.0.0"], 1],
    [
      "what only looks like one",
      ["churn", "churn@1.0.0", "churn@v1.0", "churn#production", "churn#production#x"],
      [],
      [],
      1,
    ],
    ["two of one counter", ["churn#production#1", "churn#staging#1"], [], [], 2],
    ["an unassignment", ["churn#production#1", "churn#production!#2"], [], [], 3],
  ])("%s", ([, names, versions, taken, next]) => {
    const tags = foldTags("churn", refs(...names));
    expect(tags.versions.map(({ version }) => version)).toEqual(versions);
    expect(tags.taken).toEqual(taken);
    expect(tags.nextCounter).toBe(next);
  });
});

describe("findStageProblem()", () => {
  it.for<readonly [what: string, names: readonly string[], stages: readonly string[], problem: RegExp | undefined]>([
    ["nothing has moved", [], ["staging", "production"], undefined],
    ["all have moved in order", ["churn#staging#1", "churn#production#2"], ["staging", "production"], undefined],
    ["the last has not yet", ["churn#staging#1", "churn#staging#2"], ["staging", "production"], undefined],
    [
      "one grew behind the last",
      ["churn#staging#1", "churn#production#2"],
      ["staging", "production", "europe"],
      undefined,
    ],
    ["one was put in front", ["churn#production#1"], ["staging", "production"], /has been moved along \[production\]/],
    [
      "one was left out",
      ["churn#staging#1", "churn#production#2"],
      ["production"],
      /Begin "promote: stages:" with \[staging, production\]/,
    ],
    [
      "two changed places",
      ["churn#staging#1", "churn#production#2"],
      ["production", "staging"],
      /Cannot move "churn" along \[production, staging\]/,
    ],
    [
      "somebody made one up",
      ["churn#staging#1", "~churn#shadow#2"],
      ["staging", "production"],
      /\(tag "churn#shadow#2"\)/,
    ],
  ])("where %s", ([, names, stages, problem]) => {
    const said = findStageProblem("churn", foldTags("churn", refs(...names)), stages);
    expect(said ?? "").toMatch(problem ?? /^$/);
  });
});

describe("readTagName()", () => {
  it.for<readonly [name: string, read: object | undefined]>([
    ["churn@v1.4.0", { kind: "version", model: "churn", version: "v1.4.0", removed: false }],
    ["churn@v1.4.0!", { kind: "version", removed: true }],
    ["churn@v1.4.0!#2", { kind: "version", removed: true }],
    ["churn#production#7", { kind: "stage", model: "churn", stage: "production", counter: 7, removed: false }],
    ["churn#production!#7", { kind: "stage", removed: true }],
    ["my-model_2#pre-prod#12", { model: "my-model_2", stage: "pre-prod" }],
    ["churn@v01.4.0", undefined],
    ["churn@v1.4.0-rc1", undefined],
    ["-churn@v1.4.0", undefined],
    ["a/churn@v1.4.0", undefined],
    ["churn#production#1234567890", undefined],
    [`${"x".repeat(260)}@v1.0.0`, undefined],
  ])("%s", ([name, read]) => {
    const found = readTagName(name);
    expect(read === undefined ? found : { ...found, ...read }).toEqual(read === undefined ? undefined : found);
  });

  it("reads what is written", () => {
    expect(readTagName(writeVersionTag("churn", parseVersion("v2.0.1")))).toMatchObject({ version: "v2.0.1" });
    expect(readTagName(writeStageTag("churn", "production", 3))).toMatchObject({ stage: "production", counter: 3 });
  });
});

describe("tag messages", () => {
  const hex = "a".repeat(64);
  const registration = { recipe: hex, artifact: hex, run: "runs/x/1.json", evaluation: null, pull: 7 };
  const assignment = { ...registration, version: "v1.4.0", by: "ada", why: 'she said "yes"\nand more' };

  it("say GTO's sentence first, and give their facts back", () => {
    const version = parseVersion("v1.4.0");
    expect(writeRegistration("churn", version, registration)).toMatch(/^Registering artifact churn version v1\.4\.0\n/);
    expect(readRegistration(writeRegistration("churn", version, registration))).toEqual(registration);
    expect(writeAssignment("churn", "production", assignment)).toMatch(
      /^Assigning stage production to artifact churn version v1\.4\.0\n/,
    );
    expect(readAssignment(writeAssignment("churn", "production", assignment))).toEqual(assignment);
  });

  it.for<readonly [what: string, message: string]>([
    ["no facts", "Assigning stage production to artifact churn version v1.4.0"],
    ["broken facts", "x\n\ntrainyard: {"],
    ["a version that is none", writeAssignment("churn", "production", { ...assignment, version: "latest" })],
    ["a digest that is none", writeAssignment("churn", "production", { ...assignment, artifact: "abc" })],
    ["facts of another kind", `x\n\ntrainyard: ${JSON.stringify(registration)}`],
    ["more facts than there are", `x\n\ntrainyard: ${JSON.stringify({ ...assignment, more: 1 })}`],
    ["a book", `${"x".repeat(30_000)}\n\ntrainyard: ${JSON.stringify(assignment)}`],
  ])("with %s are somebody else's", ([, message]) => {
    expect(readAssignment(message)).toBeUndefined();
  });
});

describe("nextVersion()", () => {
  const versions = (...names: readonly string[]) => names.map(parseVersion);

  it.for<readonly [taken: readonly string[], bump: "major" | "minor" | "patch", next: string]>([
    [[], "minor", "v1.0.0"],
    [[], "major", "v1.0.0"],
    [["v1.0.0"], "minor", "v1.1.0"],
    [["v1.0.0"], "major", "v2.0.0"],
    [["v1.0.0"], "patch", "v1.0.1"],
    [["v1.10.0", "v1.9.0"], "minor", "v1.11.0"],
    [["v1.2.3"], "minor", "v1.3.0"],
    [["v1.2.3"], "major", "v2.0.0"],
    [["v2.0.0", "v1.9.9"], "patch", "v2.0.1"],
  ])("after %j, a %s bump makes %s", ([taken, bump, next]) => {
    expect(nextVersion(versions(...taken), bump)).toBe(next);
  });

  it("orders as SemVer does", () => {
    const sorted = versions("v1.10.0", "v1.2.0", "v10.0.0", "v1.2.10", "v2.0.0").toSorted(compareVersions);
    expect(sorted).toEqual(["v1.2.0", "v1.2.10", "v1.10.0", "v2.0.0", "v10.0.0"]);
  });
});
