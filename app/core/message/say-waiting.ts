import type { Decision } from "#core/promotion/decide.ts";

/**
 * What merging would ship besides, where the default branch asks for something that is not in production: the end of a
 * sentence. Undefined where nothing waits.
 */
export function sayWaiting(decision: Decision, branch: string): string | undefined {
  switch (decision.kind) {
    case "current":
    case "finish":
    case "rename":
    case "grow":
    case "promote":
      return undefined;
    case "wait":
      return decision.stands === undefined
        ? `what waits for /promote on "${branch}" (${decision.verdict.kind}: ${decision.verdict.because})`
        : `${decision.stands.version}, which stands at "${decision.stands.stage}" and waits for /promote to "${decision.stage}"`;
    case "work":
      return `what is on "${branch}" and nobody has judged yet`;
    case "blocked":
      return `what is on "${branch}" and may not ship (${decision.verdict.kind}: ${decision.verdict.because})`;
  }
}
