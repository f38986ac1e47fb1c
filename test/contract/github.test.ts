import { branchesContract } from "./branches.contract.ts";
import { evidenceContract } from "./evidence.contract.ts";
import { forgeFixture } from "./fixture/forge-fixture.ts";
import { releasesContract } from "./releases.contract.ts";
import { repositoryContract } from "./repository.contract.ts";
import { tagsContract } from "./tags.contract.ts";

const name = "GitHub, in the sandbox";

repositoryContract(name, async () => forgeFixture("actions", (ports) => ports.repository));
tagsContract(name, async () => forgeFixture("actions", (ports) => ports.tags));
evidenceContract(name, async () => forgeFixture("actions", (ports) => ports.evidence));
branchesContract(name, async () => forgeFixture("app", (ports) => ports));
releasesContract(name, async () => forgeFixture("actions", (ports) => ports));
