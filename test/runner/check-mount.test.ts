import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runManifest } from "#cli/data/stored/run-manifest.ts";
import { readMountManifest } from "#core/pointer/mount-manifest.ts";
import { checkMount } from "#runner/inputs/check-mount.ts";

const root = mkdtempSync(join(tmpdir(), "trainyard-mount-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it("a full check finds what the manifest has not, and a manifest lists neither nothing nor itself", async () => {
  const [mount, manifest] = [join(root, "mnt"), join(root, "m.jsonl")];
  mkdirSync(join(mount, "sub", ".git"), { recursive: true });
  await expect(runManifest(mount, { output: manifest })).rejects.toThrow(/it holds no file; mount it first/);
  writeFileSync(join(mount, "sub", "a"), "a");
  symlinkSync(mount, join(root, "link"));
  await expect(runManifest(join(root, "link"), { output: join(mount, "sub", "m.jsonl") })).rejects.toThrow(
    /lies in the folder that it lists/,
  );
  await expect(runManifest(mount, { check: root })).rejects.toThrow(/Cannot read the manifest ".*": there is no such/);
  await runManifest(join(root, "link"), { output: manifest });
  const files = readMountManifest(readFileSync(manifest, "utf8"), manifest);
  writeFileSync(join(mount, "sub", ".git", "HEAD"), "");
  expect(await checkMount(mount, files, { full: true })).toEqual({ problem: undefined, looked: 1, hashed: 1 });
  symlinkSync("a", join(mount, "sub", "b"));
  expect((await checkMount(mount, files, { full: true })).problem).toMatch(
    /^"sub\/b" below ".*mnt" is not in the manifest, and training would find it: /,
  );
});
