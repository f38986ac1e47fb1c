import { type Forge, githubError } from "#sandbox/forge/contract.ts";
import { type ApprovalPolicy, changeSettings, readSettings } from "#sandbox/actions/link/actions-settings.ts";
import type { Runs } from "#sandbox/actions/link/runs.ts";
import { findRun } from "./find-run.ts";

/** Runs of forks: whose wait for an approval, and the button "Approve and run". */
export function addForkRoutes(forge: Forge, runs: Runs): void {
  const policy = "/repos/{owner}/{repo}/actions/permissions/fork-pr-contributor-approval";
  forge.route(`GET ${policy}`, {
    permission: { administration: "read" },
    handler: ({ repo }) => ({ status: 200, body: { approval_policy: readSettings(repo).approvalPolicy } }),
  });
  forge.route<{ approval_policy: ApprovalPolicy }>(`PUT ${policy}`, {
    permission: { administration: "write" },
    handler({ repo, body }) {
      changeSettings(repo, { approvalPolicy: body.approval_policy });
      return { status: 204 };
    },
  });
  forge.route("POST /repos/{owner}/{repo}/actions/runs/{run_id}/approve", {
    permission: { actions: "write" },
    async handler(ctx) {
      const run = findRun(ctx);
      if (run.conclusion !== "action_required") {
        throw githubError(403, "This workflow run does not wait for an approval.");
      }
      await runs.approve(ctx.repo, run);
      return { status: 201, body: {} };
    },
  });
}
