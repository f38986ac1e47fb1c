import { join } from "node:path";
import { parseCommitSha } from "#core/names.ts";
import { folderEvidence } from "#disk/folder-evidence.ts";
import { folderReleases } from "#disk/folder-releases.ts";
import { evidenceContract } from "./evidence.contract.ts";
import { scratchFolder } from "./fixture/git-folders.ts";
import type { OpenFixture } from "./fixture/port-fixture.ts";
import { releasesContract } from "./releases.contract.ts";

const someCommit = parseCommitSha("0123456789012345678901234567890123456789");

function folderFixture<Port>(make: (folder: string) => Port): OpenFixture<Port> {
  return async () => {
    const scratch = await scratchFolder();
    const port = (): Port => make(join(scratch.folder, "store"));
    return {
      port,
      first: someCommit,
      second: someCommit,
      [Symbol.asyncDispose]: async () => scratch[Symbol.asyncDispose](),
    };
  };
}

evidenceContract("folder", folderFixture(folderEvidence));
releasesContract("folder", folderFixture(folderReleases));
