import { checkRoutes } from "../checks/check-routes.ts";
import { suiteRoutes } from "../checks/suite-routes.ts";
import { deploymentRoutes } from "../deployments/deployment-routes.ts";
import { environmentRoutes } from "../deployments/environment-routes.ts";
import type { ForgeInside } from "../inside.ts";
import { closingKeywords } from "../issues/close-by-keyword.ts";
import { commentRoutes } from "../issues/comment-routes.ts";
import { issueRoutes } from "../issues/issue-routes.ts";
import { labelRoutes } from "../issues/label-routes.ts";
import { reactionRoutes } from "../issues/reaction-routes.ts";
import { assetRoutes } from "../releases/asset-routes.ts";
import { assetDownloads } from "../releases/download-asset.ts";
import { releaseRoutes } from "../releases/release-routes.ts";

/** What people and apps say about a repository: issues, checks, releases, deployments. */
export const conversationParts: readonly ((forge: ForgeInside) => void)[] = [
  issueRoutes,
  labelRoutes,
  commentRoutes,
  reactionRoutes,
  closingKeywords,
  checkRoutes,
  suiteRoutes,
  releaseRoutes,
  assetRoutes,
  assetDownloads,
  deploymentRoutes,
  environmentRoutes,
];
