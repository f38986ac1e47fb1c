import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findFiles } from "#cli/data/find-files.ts";
import { writeOutput } from "#cli/data/write-output.ts";
import { describeError } from "#cli/exit-error.ts";
import { plainLines } from "#core/message/escape.ts";
import { withTemporaryFolder } from "#disk/temporary-folder.ts";

it("a link to nothing is an error by its name and in a pattern, never rows that are silently missing", async () => {
  await withTemporaryFolder("paths", async (folder) => {
    writeFileSync(join(folder, "a.csv"), "id\n1\n");
    mkdirSync(join(folder, "folder.csv"));
    expect(await findFiles([join(folder, "*.csv")], "FILES")).toHaveLength(1);
    symlinkSync("gone", join(folder, "b.csv"));
    for (const name of ["b.csv", "*.csv"])
      await expect(findFiles([join(folder, name)], "FILES")).rejects.toThrow(
        /b\.csv" of FILES: it is a link to a file that is not there/,
      );
  });
});

it("a file that two names mean is refused, as its rows would count twice", async () => {
  await withTemporaryFolder("paths", async (folder) => {
    writeFileSync(join(folder, "a.csv"), "id\n1\n");
    writeFileSync(
      join(folder, "a.csv.dvc"),
      `outs:\n- md5: ${"a".repeat(32)}\n  size: 5\n  hash: md5\n  path: a.csv\n`,
    );
    expect(await findFiles([`${folder}/a.csv*`], "FILES")).toHaveLength(1);
    for (const name of ["*.csv", "./a.csv", "a.csv.dvc"])
      await expect(findFiles([`${folder}/a.csv`, `${folder}/${name}`], "FILES")).rejects.toThrow(
        /a\.csv" of FILES: it is named twice, and its rows would count twice; name it once$/,
      );
  });
});

it("what cannot be written is named with its option and why, without the system's own words", async () => {
  await withTemporaryFolder("paths", async (folder) => {
    writeFileSync(join(folder, "file"), "");
    await expect(writeOutput("--out", join(folder, "file", "x.json"), "{}")).rejects.toThrow(
      /x\.json" of --out: a part of the path is a file and no folder$/,
    );
  });
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  expect(describeError(full)).toBe("Cannot write: the disk is full; make room on it");
});

it("what a name or a value says steers no terminal", () => {
  expect(plainLines('Cannot read "a\u001b[31m\u202e.csv"\nline 2')).toBe('Cannot read "a [31m .csv"\nline 2');
});
