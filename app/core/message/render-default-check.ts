import type { Comparison } from "#core/evidence.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import { escapeProse, plainLine } from "./escape.ts";

type Line = {
  name: string;
  kind: "current" | "promote" | "wait" | "work" | "blocked";
  /** of what waits at a stage for the next one */
  because: string | undefined;
  production: string | undefined;
  verdict: Verdict | undefined;
  comparison: Comparison | undefined;
};

/** Title and summary of the check on a commit of the default branch. */
export function renderDefaultCheck(
  lines: readonly Line[],
  problem: string | undefined,
): { title: string; summary: string } {
  if (problem !== undefined) {
    return { title: "The config cannot be read", summary: `Production stays as it is: ${escapeProse(problem, 4_000)}` };
  }
  const said = lines.map((line) => ({ line, text: describe(line) }));
  const worst = said.toSorted((a, b) => rank(a.line.kind) - rank(b.line.kind))[0];
  return {
    title: plainLine(worst?.text ?? "No model", 200),
    summary: said.map(({ text }) => `- ${escapeProse(text, 600)}`).join("\n") || "The config names no model.",
  };
}

function rank(kind: Line["kind"]): number {
  return ["blocked", "wait", "work", "promote", "current"].indexOf(kind);
}

function describe({ name, kind, because, production, verdict }: Line): string {
  const stays = production === undefined ? "nothing is in production" : `production stays ${production}`;
  if (kind === "current") return `${name}: ${production ?? "nothing"} is in production`;
  if (kind === "promote") return `${name}: reviewed, being promoted`;
  if (kind === "work") return `${name}: waits for its training; ${stays}`;
  if (kind === "wait")
    return `${name}: waits for /promote, ${because ?? verdict?.because ?? "nobody reviewed exactly this"}; ${stays}`;
  return `${name}: not promoted, ${verdict?.because ?? "it could not be judged"}; ${stays}`;
}
