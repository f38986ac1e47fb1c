import { type Forge, githubError } from "#sandbox/forge/contract.ts";
import { emitFilled } from "#sandbox/forge/events/emit-filled.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { type CheckSuiteRecord, findCheckSuite, presentCheckSuite, runsOfSuite } from "./check-suite.ts";

const one = "/repos/{owner}/{repo}/check-suites/{check_suite_id}";

/** Check suites: read, list by commit, ask again. */
export function suiteRoutes(forge: Forge): void {
  forge.route(`GET ${one}`, {
    permission: { checks: "read" },
    handler: async (ctx) => {
      const suite = findCheckSuite(ctx.repo, ctx.params["check_suite_id"]);
      return { status: 200, body: await presentCheckSuite(forge, ctx.repo, suite) };
    },
  });
  forge.route(`POST ${one}/rerequest`, {
    permission: { checks: "write" },
    appsOnly: true,
    handler: async (ctx) => {
      const suite = findCheckSuite(ctx.repo, ctx.params["check_suite_id"]);
      const check_suite = await presentCheckSuite(forge, ctx.repo, suite);
      emitFilled(forge, ctx.repo, "check_suite", "rerequested", { check_suite }, ctx.actor, { app: suite.app });
      return { status: 201, body: {} };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/commits/{ref...}/check-suites", {
    permission: { checks: "read" },
    handler: async (ctx) => {
      const ref = ctx.params["ref"] ?? "";
      const sha = await ctx.repo.git.resolve(ref);
      if (sha === undefined) throw githubError(422, `No commit found for SHA: ${ref}`);
      const { app_id: app, check_name: name } = ctx.query;
      const suites = ctx.repo
        .store<CheckSuiteRecord>("check-suites")
        .list()
        .filter(
          (suite) =>
            suite.head_sha === sha &&
            (app === undefined || suite.app === Number(app)) &&
            (name === undefined || runsOfSuite(ctx.repo, suite.id).some((run) => run.name === name)),
        );
      return paginate(ctx, suites, (suite) => presentCheckSuite(forge, ctx.repo, suite), "check_suites");
    },
  });
}
