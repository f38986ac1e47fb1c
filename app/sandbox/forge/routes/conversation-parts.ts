import { checkRoutes } from "#sandbox/forge/checks/check-routes.ts";
import { suiteRequests } from "#sandbox/forge/checks/request-suites.ts";
import { suiteRoutes } from "#sandbox/forge/checks/suite-routes.ts";
import { deploymentRoutes } from "#sandbox/forge/deployments/deployment-routes.ts";
import { environmentRoutes } from "#sandbox/forge/deployments/environment-routes.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { closingKeywords } from "#sandbox/forge/issues/close-by-keyword.ts";
import { commentRoutes } from "#sandbox/forge/issues/comment-routes.ts";
import { issueRoutes } from "#sandbox/forge/issues/issue-routes.ts";
import { labelRoutes } from "#sandbox/forge/issues/label-routes.ts";
import { reactionRoutes } from "#sandbox/forge/issues/reaction-routes.ts";
import { assetRoutes } from "#sandbox/forge/releases/asset-routes.ts";
import { assetDownloads } from "#sandbox/forge/releases/download-asset.ts";
import { releaseRoutes } from "#sandbox/forge/releases/release-routes.ts";

/** What people and apps say about a repository: issues, checks, releases, deployments. */
export const conversationParts: readonly ((forge: ForgeInside) => void)[] = [
  issueRoutes,
  labelRoutes,
  commentRoutes,
  reactionRoutes,
  closingKeywords,
  checkRoutes,
  suiteRoutes,
  suiteRequests,
  releaseRoutes,
  assetRoutes,
  assetDownloads,
  deploymentRoutes,
  environmentRoutes,
];
