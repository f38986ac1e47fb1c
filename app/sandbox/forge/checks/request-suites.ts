import { isInstalledOn } from "#sandbox/forge/admin/apps.ts";
import { emitFilled } from "#sandbox/forge/events/emit-filled.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { openCheckSuite, presentCheckSuite } from "./check-suite.ts";

/** Opens a suite for every installed app that may write checks when a branch gets a commit, and tells the app. */
export function suiteRequests(forge: ForgeInside): void {
  forge.on("push", async ({ repo, payload, actor }) => {
    const { ref, after, deleted } = payload;
    if (typeof ref !== "string" || typeof after !== "string" || !ref.startsWith("refs/heads/") || deleted === true)
      return;
    const installations = forge.state.installations
      .list()
      .filter((one) => isInstalledOn(one, repo) && one.permissions.checks === "write");
    for (const { app } of installations) {
      // oxlint-disable-next-line no-await-in-loop -- a handful
      const suite = await openCheckSuite(forge, repo, {
        app,
        head_sha: after,
        head_branch: ref.slice("refs/heads/".length),
      });
      // oxlint-disable-next-line no-await-in-loop -- the same
      const check_suite = await presentCheckSuite(forge, repo, suite);
      emitFilled(forge, repo, "check_suite", "requested", { check_suite }, actor, { app });
    }
  });
}
