import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { forkRoutes } from "#sandbox/forge/forks/fork-routes.ts";
import { registerApp } from "./app/app.ts";
import { conversationParts } from "./conversation-parts.ts";
import { registerDeliveries } from "./app/deliveries.ts";
import { registerLimits } from "./app/limits.ts";
import { registerTokens } from "./app/tokens.ts";
import { registerGitObjects } from "./git/objects.ts";
import { registerRefs } from "./git/refs.ts";
import { registerTrees } from "./git/trees.ts";
import { registerPullParts } from "./pulls/parts.ts";
import { registerPulls } from "./pulls/pulls.ts";
import { registerReviews } from "./pulls/reviews.ts";
import { registerArchives } from "./repository/archives.ts";
import { registerBranches } from "./repository/branches.ts";
import { registerCommits } from "./repository/commits.ts";
import { registerCompare } from "./repository/compare.ts";
import { registerContents } from "./repository/contents.ts";
import { registerRepository } from "./repository/repository.ts";
import { registerGraphql } from "#sandbox/forge/graphql/graphql-route.ts";
import { mergeQueues } from "#sandbox/forge/queue/merge-queues.ts";
import { rulesetRoutes } from "#sandbox/forge/rules/ruleset-routes.ts";
import { registerStatuses } from "#sandbox/forge/statuses/status-routes.ts";
import { registerWriteContents } from "./repository/write-contents.ts";

/** Every part of the API that the forge itself carries; one line a file. A `ForgePart` fits. */
export const restParts: readonly ((forge: ForgeInside) => void)[] = [
  registerApp,
  registerTokens,
  registerDeliveries,
  registerLimits,
  registerRepository,
  forkRoutes,
  rulesetRoutes,
  mergeQueues,
  registerBranches,
  registerCommits,
  registerCompare,
  registerContents,
  registerWriteContents,
  registerStatuses,
  registerArchives,
  registerRefs,
  registerGitObjects,
  registerTrees,
  registerGraphql,
  registerPulls,
  registerPullParts,
  registerReviews,
  ...conversationParts,
];
