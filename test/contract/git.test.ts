import { gitBranches } from "#git/git-branches.ts";
import { gitEvidence } from "#git/git-evidence.ts";
import { gitRepository } from "#git/git-repository.ts";
import { gitTags } from "#git/git-tags.ts";
import { branchesContract } from "./branches.contract.ts";
import { evidenceContract } from "./evidence.contract.ts";
import { gitFixture } from "./fixture/git-fixture.ts";
import { repositoryContract } from "./repository.contract.ts";
import { tagsContract } from "./tags.contract.ts";

repositoryContract(
  "bare git repository",
  gitFixture("bare", (git) => gitRepository(git)),
);
repositoryContract(
  "git clone",
  gitFixture("clone", (git) => gitRepository(git)),
);
tagsContract(
  "bare git repository",
  gitFixture("bare", (git) => gitTags(git)),
);
evidenceContract(
  "bare git repository",
  gitFixture("bare", (git) => gitEvidence(git)),
);
branchesContract(
  "bare git repository",
  gitFixture("bare", (git) => ({ branches: gitBranches(git), repository: gitRepository(git) })),
);
