import type { IncomingMessage, ServerResponse } from "node:http";
import { mayChangeWorkflows } from "#sandbox/forge/auth/demand-workflows.ts";
import type { Actor, Forge, Repo } from "#sandbox/forge/contract.ts";
import type { Ref, RefChange } from "#sandbox/forge/git/git-store.ts";
import { forwardVariable, guardVariable } from "#sandbox/forge/git/workflow-guard.ts";
import { movesForwardsOnly, refViolations } from "#sandbox/forge/rules/judge-ref.ts";
import { type Refusal, refusePush } from "./refuse-push.ts";

export type Pushed = (repo: Repo, before: readonly Ref[], after: readonly Ref[], actor: Actor) => Promise<void>;

/** Takes a push: refused where rules forbid a change, else left to git, whose hook looks at the new commits. */
export async function receivePush(
  forge: Forge,
  repo: Repo,
  actor: Actor,
  push: { changes: readonly RefChange[]; sideband: boolean },
  exchange: { request: IncomingMessage; response: ServerResponse },
  serve: (env: Readonly<Record<string, string>>) => Promise<void>,
  pushed: Pushed,
): Promise<void> {
  await repo.git.exclusively(async () => {
    const refusals: Refusal[] = [];
    for (const { name, after } of push.changes) {
      // oxlint-disable-next-line no-await-in-loop -- the ref as it is, whatever the client believes
      const before = (await repo.git.ref(name))?.sha ?? null;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const violations = await refViolations(repo, { name, before, after }, actor, false);
      if (violations.length > 0) refusals.push({ ref: name, violations });
    }
    if (refusals.length > 0) {
      const { request, response } = exchange;
      refusePush(request, response, push, refusals, `${forge.urls.server}/${repo.fullName}/rules`);
      return;
    }
    const forwards = push.changes.map(({ name }) => name).filter((name) => movesForwardsOnly(repo, name, actor));
    const before = await repo.git.refs();
    await serve({
      ...(mayChangeWorkflows(actor) ? {} : { [guardVariable]: "1" }),
      ...(forwards.length > 0 ? { [forwardVariable]: ` ${forwards.join(" ")} ` } : {}),
    });
    await pushed(repo, before, await repo.git.refs(), actor);
  });
}
