import type { Ports } from "#core/ports.ts";
import type { CommandEffect } from "./answer-comment.ts";

/** Starts, by hand, the run that does what a command asked for. */
export async function startEffect(ports: Pick<Ports, "workflows">, effect: CommandEffect): Promise<void> {
  switch (effect.kind) {
    case "none":
      return;
    case "promote": {
      const { model, artifact = "", stage = "", by, why } = effect.approval;
      await ports.workflows.dispatch({ command: "promote", model, artifact, stage, by, why });
      return;
    }
    case "train":
      await ports.workflows.dispatch({
        command: "train",
        pull: String(effect.pull),
        head: effect.head,
        again: String(effect.again),
      });
  }
}
