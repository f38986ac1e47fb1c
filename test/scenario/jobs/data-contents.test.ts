import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { objectKey } from "#core/object-store.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha, parseCommitSha } from "#core/names.ts";
import type { Repository } from "#core/ports.ts";
import type { Trigger } from "#actions/trigger.ts";
import { openDataCache } from "#actions/cache/data-cache.ts";
import { jobContents } from "#actions/contents/job-contents.ts";
import { writeDataFiles } from "#actions/contents/data-files.ts";
import { jobOfRun } from "./job-of-run.ts";

const rows = "a\n1\n";
const md5 = createHash("md5").update(rows).digest("hex");
const out = { path: "x.csv", md5, folder: false, size: 4, nfiles: undefined, sha256: undefined, legacy: false };
const [base, head] = ["a", "b"].map((digit) => parseCommitSha(digit.repeat(40)));

let folder: string;
let said: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trainyard-contents-"));
  said = "";
  vi.stubEnv("TRAINYARD_CACHE", join(folder, "kept"));
  vi.stubEnv("RUNNER_TEMP", join(folder, "runner"));
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const object = join(folder, "store", objectKey(md5));
  mkdirSync(dirname(object), { recursive: true });
  writeFileSync(object, rows);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A repository of which only DVC's config and the pointers are known, by commit. */
function repositoryOf(files: Readonly<Record<string, Readonly<Record<string, string>>>>): Repository {
  const blobs = new Map<string, string>();
  const treeOf = (commit: string): Map<string, TreeEntry> =>
    new Map(
      Object.entries(files[commit] ?? {}).map(([path, text]) => {
        const blob = parseBlobSha(createHash("sha1").update(text).digest("hex"));
        blobs.set(blob, text);
        return [path, { path, mode: "100644", blob }];
      }),
    );
  const unknown = async (): Promise<never> => await Promise.reject(new Error("Nothing else is asked here"));
  return {
    tree: async (sha) => await Promise.resolve(treeOf(sha)),
    blob: async (sha) => await Promise.resolve(Buffer.from(blobs.get(sha) ?? "")),
    defaultBranch: unknown,
    commit: unknown,
    mergeBase: unknown,
    hasQueue: unknown,
  };
}

const remote = (url: string): string => `[core]\nremote = s\n['remote "s"']\nurl = ${url}\n`;

async function fetchOne(
  configs: { base?: string; head?: string },
  more: { isPrivate?: boolean; trigger?: Trigger } = {},
): Promise<string> {
  const repository = repositoryOf({
    [String(base)]: configs.base === undefined ? {} : { ".dvc/config": configs.base },
    [String(head)]: configs.head === undefined ? {} : { ".dvc/config": configs.head },
  });
  await using served = await jobOfRun(
    {},
    {},
    { isPrivate: more.isPrivate ?? false, trigger: more.trigger ?? { kind: "push" } },
  );
  const { job } = served;
  if (base === undefined) throw new Error("no base");
  const contents = jobContents(
    { ...job, ports: { ...job.ports, repository } },
    { base, head },
    secrets,
    openDataCache(job),
  );
  try {
    const [file] = await contents.fetch(out, "x.csv.dvc");
    return readFileSync(file?.file ?? "", "utf8");
  } catch (error) {
    return String(error);
  } finally {
    await contents.close();
    expect(existsSync(join(folder, "runner", "trainyard-data", md5))).toBe(false);
  }
}
const secrets = "OTHER=1\nAWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY=hunter2\n";

describe("what pointers stand for, in a job", () => {
  it("comes from the store that the base branch names, not from the pull request's", async () => {
    const there = remote(join(folder, "store"));
    expect(await fetchOne({ base: there, head: remote("/nowhere") })).toBe(rows);
    expect(await fetchOne({ base: remote("/nowhere"), head: there })).toMatch(
      /from the folder "\/nowhere": this folder does not exist; correct its name/,
    );
    expect(await fetchOne({ head: there })).toBe(rows);
    expect(said).toContain("::add-mask::hunter2");
    expect(said.replaceAll("::add-mask::hunter2", "")).not.toContain("hunter2");
  });

  it("does not come from a folder beside somebody's clone", async () => {
    expect(await fetchOne({ base: remote("../../store") })).toMatch(
      /"x.csv" of the pointer "x.csv.dvc" .*: one cannot reach the store of the data: the folder "\.\.\/store" is none that a runner has/,
    );
  });

  it("is kept by digest in a private repository, and verified when it comes back", async () => {
    const there = remote(join(folder, "store"));
    expect(await fetchOne({ base: there }, { isPrivate: true })).toBe(rows);
    rmSync(join(folder, "store"), { recursive: true });
    expect(
      await fetchOne({ base: there }, { isPrivate: true, trigger: { kind: "pull", number: 7, fork: false } }),
    ).toBe(rows);
    const kept = join(folder, "kept/data/acme/shop/default", `trainyard-data-1-${md5}`, "0", objectKey(md5));
    chmodSync(kept, 0o644);
    writeFileSync(kept, "b\n2\n");
    expect(await fetchOne({ base: there }, { isPrivate: true })).toMatch(/this folder does not exist/);
  });

  it("is kept nowhere in a public one, where forks would find it", async () => {
    expect(await fetchOne({ base: remote(join(folder, "store")) })).toBe(rows);
    expect(existsSync(join(folder, "kept"))).toBe(false);
  });
});

it("data that is validated is what the pointer stands for; an older version's that is gone stays a pointer", async () => {
  const text = `outs:\n- {md5: ${md5}, size: 4, hash: md5, path: x.csv}\n`;
  const entry = { path: "data/x.csv.dvc", mode: "100644", blob: "c".repeat(40) };
  const file = join(folder, "store", objectKey(md5));
  let gone = false;
  const options = {
    readBlob: async () => await Promise.resolve(Buffer.from(text)),
    contents: {
      reach: async () => await Promise.resolve("store" as const),
      fetch: async () =>
        await (gone ? Promise.reject(new Error("gone")) : Promise.resolve([{ relpath: "", file, md5 }])),
      fetchLfs: async () => await Promise.reject(new Error("no LFS")),
    },
  };
  const to = join(folder, "files");
  mkdirSync(to);
  const [found] = await writeDataFiles(options, to, [entry]);
  expect(found).toMatchObject({ shown: "data/x.csv", blob: `md5:${md5}` });
  expect(readFileSync(join(to, "0.csv"), "utf8")).toBe(rows);
  gone = true;
  await expect(writeDataFiles(options, mkdtempSync(to), [entry])).rejects.toThrow("gone");
  const [left] = await writeDataFiles(options, mkdtempSync(to), [entry], { lenient: true });
  expect(left).toMatchObject({ shown: "data/x.csv.dvc", blob: entry.blob });
  expect(readdirSync(to)).toEqual(["0.csv"]);
});
