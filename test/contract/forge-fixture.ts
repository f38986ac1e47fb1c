import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createAppAuth } from "@octokit/auth-app";
import { createOctokit } from "#github/create-octokit.ts";
import { githubPorts } from "#github/github-ports.ts";
import type { Ports } from "#core/ports.ts";
import { createForge } from "#sandbox/forge/forge.ts";
import type { Permissions } from "#sandbox/forge/records.ts";
import { commitFixture } from "./git-fixture.ts";
import { git, scratchFolder } from "./git-folders.ts";
import type { Fixture } from "./port-fixture.ts";

/** What the loop's writing jobs and the app ask for. */
const permissions: Permissions = {
  metadata: "read",
  actions: "write",
  checks: "write",
  contents: "write",
  deployments: "write",
  issues: "write",
  pull_requests: "write",
};

export type ForgeFixture<Port> = Fixture<Port> & {
  forge: ReturnType<typeof createForge>;
  /** the ports in another writer's name */
  as(writer: "app" | "actions"): Promise<Ports>;
  /** a clone that a person works in, whose pushes the forge sees */
  clone(): Promise<string>;
};

/** A repository on a GitHub of this machine, and the ports on it, each time by a client of their own. */
export async function forgeFixture<Port>(
  writer: "app" | "actions",
  pick: (ports: Ports) => Port,
): Promise<ForgeFixture<Port>> {
  const scratch = await scratchFolder();
  const work = join(scratch.folder, "work");
  await mkdir(work);
  const commits = await commitFixture(work);
  const forge = createForge({ folder: join(scratch.folder, "forge") });
  await forge.start();
  forge.createUser("acme");
  const repo = await forge.createRepository({ owner: "acme", name: "shop" });
  const { app, privateKey } = forge.createApp({ slug: "trainyard", owner: "acme", permissions, events: [] });
  const installation = forge.install(app, "acme");
  const push = new URL(`${forge.urls.server}/acme/shop.git`);
  push.username = "x";
  push.password = forge.createToken("acme");
  await git(work, "push", "--quiet", push.href, "main");

  async function tokenOf(who: "app" | "actions"): Promise<string> {
    if (who === "actions") return forge.createJobToken(repo, permissions);
    const octokit = createOctokit({ baseUrl: forge.urls.api });
    const auth = createAppAuth({ appId: app.id, privateKey, request: octokit.request });
    return (await auth({ type: "installation", installationId: installation.id })).token;
  }

  function portsWith(who: "app" | "actions", token: string): Ports {
    return githubPorts({
      octokit: createOctokit({ baseUrl: forge.urls.api, token }),
      owner: "acme",
      repo: "shop",
      writer: who === "app" ? { kind: "app", slug: "trainyard" } : { kind: "actions" },
    });
  }

  const token = await tokenOf(writer);
  return {
    ...commits,
    forge,
    port: () => pick(portsWith(writer, token)),
    as: async (who) => portsWith(who, await tokenOf(who)),
    async clone() {
      const folder = join(scratch.folder, `clone-${Math.random()}`);
      await git(scratch.folder, "clone", "--quiet", push.href, folder);
      return folder;
    },
    async [Symbol.asyncDispose]() {
      const failures = [...forge.failures];
      await forge.stop();
      await scratch[Symbol.asyncDispose]();
      if (failures.length > 0) throw new Error(`The sandbox complains: ${failures.join("; ")}`);
    },
  };
}
