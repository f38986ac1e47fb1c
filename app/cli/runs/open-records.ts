import { join } from "node:path";
import type { EvidenceStore, Ports, Tags } from "#core/ports.ts";
import { localStore } from "#disk/local-store.ts";
import { joinEvidence } from "#flow/evidence/join-evidence.ts";
import { gitEvidence } from "#git/git-evidence.ts";
import { gitRepository } from "#git/git-repository.ts";
import { gitTags } from "#git/git-tags.ts";
import { openGit } from "#git/open-git.ts";
import { openRemote } from "#cli/remote.ts";

export type RecordsOptions = { repository?: string; api?: string; token?: string };

/** Where records are read: a clone with what this machine trained besides, or a repository by its API. */
export type Records = {
  tags: Tags;
  evidence: EvidenceStore;
  repository: Ports["repository"];
  /** everything that a service knows; undefined in a clone */
  service: Ports | undefined;
  close(): void;
};

/** Opens the repository that is named ("owner/name", or an address), else the clone that one stands in. */
export async function openRecords({ repository, ...how }: RecordsOptions): Promise<Records> {
  if (repository !== undefined) {
    const { ports } = openRemote({ repository, ...how });
    return {
      tags: ports.tags,
      evidence: ports.evidence,
      repository: ports.repository,
      service: ports,
      close: () => undefined,
    };
  }
  const git = await openGit(".");
  const common = (await git.ask(["rev-parse", "--path-format=absolute", "--git-common-dir"])) ?? git.gitDir;
  const evidence = joinEvidence([gitEvidence(git), localStore(join(common, "trainyard")).evidence]);
  return { tags: gitTags(git), evidence, repository: gitRepository(git), service: undefined, close: () => git.close() };
}
