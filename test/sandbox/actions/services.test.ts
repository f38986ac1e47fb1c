import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openForgeBench } from "./forge-bench.ts";
import type { ForgeBench } from "./forge-bench.ts";

const client = (what: string, more = ""): string => `{ uses: acme/tools/clients@v1, with: { do: ${what} }${more} }`;

const workflows = {
  ".github/workflows/artifacts.yml": `
on: workflow_dispatch
jobs:
  up: { runs-on: x, steps: [${client("artifact-up")}] }
  down: { needs: up, runs-on: x, steps: [${client("artifact-down")}] }
`,
  ".github/workflows/caches.yml": `
on: { workflow_dispatch: { inputs: { do: { required: true } } } }
jobs:
  cache: { runs-on: x, steps: [${client('"cache ${{ inputs.do }}"')}] }
`,
  ".github/workflows/built-in.yml": `
on: workflow_dispatch
jobs:
  up:
    runs-on: x
    outputs: { id: "\${{ steps.up.outputs.artifact-id }}" }
    steps:
      - run: mkdir -p out/sub && echo 1 > out/a.txt && echo 2 > out/sub/b.txt && echo 3 > out/.hidden && mkdir -p ~/.cache/tool && echo cached > ~/.cache/tool/c
      - id: up
        uses: actions/upload-artifact@v7
        with: { name: files, path: "out/**\\n!out/**/a.txt", retention-days: 3 }
      - uses: actions/upload-artifact@v7
        with: { name: one, path: out/a.txt }
      - uses: actions/cache@v5
        with: { path: ~/.cache/tool, key: "tool-\${{ github.run_id }}" }
  down:
    needs: up
    runs-on: x
    steps:
      - uses: actions/cache/restore@v5
        id: cache
        with: { path: ~/.cache/tool, key: none, restore-keys: tool- }
      - uses: actions/download-artifact@v8
        with: { name: files, path: in }
      - uses: actions/download-artifact@v8
        with: { path: all }
      - run: find in all -type f | sort; cat ~/.cache/tool/c; echo "hit '\${{ steps.cache.outputs.cache-hit }}'"
      - uses: actions/download-artifact@v8
        with: { name: nothing }
`,
};

let bench: ForgeBench;
beforeAll(async () => {
  bench = await openForgeBench({ repositories: { "acme/tools": join(import.meta.dirname, "fixtures") } });
  await bench.push("main", workflows);
});
afterAll(() => bench.stop());

async function dispatch(file: string, inputs: Record<string, string> = {}, ref = "main"): Promise<number> {
  const asked = { ref, inputs, return_run_details: true };
  const { body } = await bench.api("POST", `/actions/workflows/${file}/dispatches`, asked);
  await bench.actions.idle();
  return body.workflow_run_id;
}

async function said(job: string): Promise<unknown[]> {
  const lines = (await bench.log(job)).split("\n").filter((line) => line.startsWith("said "));
  return lines.map((line): unknown => JSON.parse(line.slice(5)));
}

describe("artifacts of the real client", () => {
  it("go up, come down, are listed by the API, expire by the clock, and are deleted", async () => {
    const run = await dispatch("artifacts.yml");
    expect(await said("up")).toEqual([["number", true, 64], true, true]);
    expect(await said("down")).toEqual([[["model", true]], ["one", 9 * 1024 * 1024, false]]);
    const { body } = await bench.api("GET", `/actions/runs/${run}/artifacts?name=model`);
    expect(body.total_count).toBe(1);
    const [artifact] = body.artifacts;
    expect(artifact).toMatchObject({ name: "model", expired: false, workflow_run: { id: run, head_branch: "main" } });
    expect(Math.round((Date.parse(artifact.expires_at) - Date.parse(artifact.created_at)) / 86_400_000)).toBe(5);
    expect((await bench.api("GET", `/actions/artifacts?name=other`)).body.total_count).toBe(0);

    const token = bench.forge.createToken("acme");
    const zip = await fetch(artifact.archive_download_url, {
      headers: { authorization: `Bearer ${token}`, "user-agent": "test" },
    });
    expect(zip.headers.get("content-type")).toBe("application/zip");
    const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    expect(Object.keys(files).toSorted()).toEqual(["a.txt", "deep/b.bin"]);

    bench.wait(5 * 86_400 + 60);
    expect((await bench.api("GET", `/actions/artifacts/${artifact.id}`)).body.expired).toBe(true);
    expect((await bench.api("GET", `/actions/artifacts/${artifact.id}/zip`)).status).toBe(410);
    expect((await bench.api("DELETE", `/actions/artifacts/${artifact.id}`)).status).toBe(204);
    expect((await bench.api("GET", `/actions/artifacts/${artifact.id}`)).status).toBe(404);
  });
});

describe("caches of the real client", () => {
  it("are found by key, then by prefix, and never change", async () => {
    await dispatch("caches.yml", { do: "restore k1" });
    expect(await said("cache")).toEqual([[null, null]]);
    await dispatch("caches.yml", { do: "save k1" });
    expect(await said("cache")).toEqual([true]);
    await dispatch("caches.yml", { do: "save k1" });
    expect(await said("cache")).not.toEqual([true]);
    await dispatch("caches.yml", { do: "restore k1" });
    expect(await said("cache")).toEqual([["k1", "k1"]]);
    await dispatch("caches.yml", { do: "restore other k" });
    expect(await said("cache")).toEqual([["k1", "k1"]]);
  });

  it("of the default branch are seen by other branches, not the other way round", async () => {
    await bench.push("side", { "x.txt": "1" });
    await dispatch("caches.yml", { do: "restore k1" }, "side");
    expect(await said("cache")).toEqual([["k1", "k1"]]);
    await dispatch("caches.yml", { do: "save k2" }, "side");
    await dispatch("caches.yml", { do: "restore k2" }, "side");
    expect(await said("cache")).toEqual([["k2", "k2"]]);
    await dispatch("caches.yml", { do: "restore k2" });
    expect(await said("cache")).toEqual([[null, null]]);
    const { body } = await bench.api("GET", "/actions/caches");
    expect(body.actions_caches.map((one: { key: string; ref: string }) => [one.key, one.ref])).toEqual([
      ["k2", "refs/heads/side"],
      ["k1", "refs/heads/main"],
    ]);
  });
});

describe("the sandbox's own artifact and cache actions", () => {
  it("do what the real ones do", async () => {
    const run = await dispatch("built-in.yml");
    const log = await bench.log("down");
    expect(log).toContain("in/sub/b.txt");
    const from = log.indexOf("all/files/sub/b.txt");
    expect(log.slice(from).split("\n").slice(0, 5)).toEqual([
      "all/files/sub/b.txt",
      "all/one/a.txt",
      "in/sub/b.txt",
      "cached",
      "hit 'false'",
    ]);
    expect(log).toContain("Artifact not found for name: nothing");
    expect((await bench.api("GET", `/actions/runs/${run}`)).body.conclusion).toBe("failure");
    expect(bench.forge.failures).toEqual([]);
  });

  it("answer nobody without a job's token", async () => {
    const url = `${bench.forge.urls.server}/twirp/github.actions.results.api.v1.ArtifactService/ListArtifacts`;
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401);
    expect((await fetch(`${bench.forge.urls.server}/_blobs/sandbox/guess/x`)).status).toBe(404);
  });
});
