import { laws } from "./stories/laws.ts";
import { nights } from "./stories/nights.ts";
import { pinned } from "./stories/pinned.ts";
import { reviews } from "./stories/reviews.ts";
import { settings } from "./stories/settings.ts";
import { waiting } from "./stories/waiting.ts";
import type { Story } from "./story.ts";

/** Each ruling of docs/design.md has at least one. */
export const stories: readonly Story[] = [...laws, ...pinned, ...waiting, ...reviews, ...settings, ...nights];
