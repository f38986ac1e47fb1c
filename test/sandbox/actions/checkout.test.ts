import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openForgeBench } from "./forge-bench.ts";
import type { ForgeBench } from "./forge-bench.ts";

const workflow = (inputs: string, run: string): string => `
on: workflow_dispatch
permissions: { contents: write }
jobs:
  a:
    runs-on: x
    steps:
      - id: co
        uses: actions/checkout@v6
        with: { ${inputs} }
      - run: |
${run
  .split("\n")
  .map((line) => `          ${line}`)
  .join("\n")}
`;

let bench: ForgeBench;
let first: string;
beforeAll(async () => {
  bench = await openForgeBench();
  first = await bench.push("main", { "a.txt": "1", "dir/b.txt": "2" }, "first");
  await bench.git("tag", "v1");
  await bench.git("push", "-q", "origin", "v1");
  await bench.push("side", { "side.txt": "s" }, "side");
});
afterAll(() => bench.stop());

/** What the second step printed. */
async function checkOut(inputs: string, run: string): Promise<string[]> {
  await bench.push("main", { ".github/workflows/co.yml": workflow(inputs, run) }, "second");
  await bench.api("POST", "/actions/workflows/co.yml/dispatches", { ref: "main" });
  const log = await bench.log("a");
  return log
    .slice(log.lastIndexOf("##[endgroup]\n") + "##[endgroup]\n".length)
    .split("\n")
    .filter(Boolean);
}

describe("actions/checkout", () => {
  it("clones the event's commit alone, on its branch, and can push", async () => {
    expect(
      await checkOut(
        "",
        "git rev-parse --abbrev-ref HEAD; git log --oneline --format=%s; git status --porcelain; cat dir/b.txt; echo\ngit commit --quiet --allow-empty -m x --author 'a <a@b>' 2>/dev/null || git -c user.name=a -c user.email=a@b commit -q --allow-empty -m by-job\ngit push -q origin HEAD:by-job && git ls-remote --heads origin by-job | wc -l",
      ),
    ).toEqual(["main", "second", "2", "1"]);
  });

  it("brings all history, branches and tags when asked", async () => {
    expect(
      await checkOut(
        "fetch-depth: 0",
        "git log --format=%s | tail -1; git branch -r --list '*side'; git tag; git diff --stat v1 origin/side -- side.txt | tail -1",
      ),
    ).toEqual(
      ["first", "origin/side", "v1", "1 file changed, 1 insertion(+)"].map((line) => expect.stringContaining(line)),
    );
  });

  it("takes a ref, a path, and leaves no credentials when told so", async () => {
    expect(
      await checkOut(
        "ref: v1, path: here, persist-credentials: false",
        "ls; ls -A here; cd here; git rev-parse HEAD; git config --get-regexp extraheader || echo none\ngit push -q origin HEAD:refs/heads/no 2>/dev/null || echo refused",
      ),
    ).toEqual(["here", ".git", "a.txt", "dir", first, "none", "refused"]);
  });

  it("can be sparse", async () => {
    expect(await checkOut("sparse-checkout: dir", "ls; ls dir")).toEqual(["a.txt", "dir", "b.txt"]);
  });

  it("says what it cannot do", async () => {
    await checkOut("ref: nowhere", "echo never");
    expect(await bench.log("a")).toContain("A branch or tag with the name 'nowhere' could not be found");
    await checkOut("submodules: true", "echo never");
    expect(await bench.log("a")).toContain('knows no "submodules: true"');
    await checkOut("path: ../../out", "echo never");
    expect(await bench.log("a")).toContain("is not under");
  });
});
