import type { Town } from "../town/town.ts";
import type { Allowed } from "./expect-stages.ts";
import type { Ledger } from "./ledger.ts";

/** Compares what stands with what the laws allow. `allowed`: model by model, as of before the step. */
export function checkStages(town: Town, ledger: Ledger, allowed: ReadonlyMap<string, Allowed>): string | undefined {
  for (const [model, stages] of allowed) {
    for (const [stage, artifacts] of stages) {
      const stands = ledger.standing(model, stage);
      if (artifacts.has(stands)) continue;
      const name = (artifact: string): string => nameOf(ledger, artifact);
      return `${model} at "${stage}" is ${name(stands)}, and should be ${[...artifacts].map(name).join(" or ")}`;
    }
  }
  const open = town.world.memory.issues.filter(
    ({ state, title }) => state === "open" && title.includes("waits for /promote"),
  );
  const doubled = open.find(({ title }) => open.filter((one) => one.title === title).length > 1);
  return doubled === undefined ? undefined : `there are two open issues "${doubled.title}"`;
}

function nameOf({ registered, trainings }: Ledger, artifact: string): string {
  if (artifact === "") return "nothing";
  const version = registered.find((one) => one.artifact === artifact);
  const training = trainings.find((one) => one.artifact === artifact);
  return `${version?.version ?? "an unregistered run"} (${training?.recipe ?? "unknown"}, run ${training?.run ?? "?"})`;
}
