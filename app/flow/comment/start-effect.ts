import type { Ports } from "#core/ports.ts";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { readWatched } from "#flow/watch/read-watched.ts";
import { tellWatch } from "#flow/watch/tell-watch.ts";
import type { CommandEffect } from "./outcome.ts";

/** Does what a command asked for, where no job of this very run does: starts a run by hand, or looks again. */
export async function startEffect(ports: Ports, effect: CommandEffect, writer: "app" | "actions"): Promise<void> {
  switch (effect.kind) {
    case "none":
      return;
    case "promote": {
      const { model, subject = "", stage = "", by, why } = effect.approval;
      await ports.workflows.dispatch({ command: "promote", model, digest: subject, stage, by, why });
      return;
    }
    case "train":
      await ports.workflows.dispatch({
        command: "train",
        pull: String(effect.pull),
        head: effect.head,
        again: String(effect.again),
      });
      return;
    case "opened":
      // the app's pull requests start runs of their own; those of a workflow's token wait for somebody's approval
      if (writer === "app") return;
      await reconcilePull(ports, effect.pull, { runStarts: false, finishedRun: undefined, dispatch: true });
      return;
    case "watch": {
      const watched = (await readWatched(ports)).find(({ name }) => name === effect.model);
      if (watched !== undefined) await tellWatch(ports, watched);
      return;
    }
    case "judge":
      await reconcilePull(ports, effect.pull, { runStarts: false, finishedRun: undefined, dispatch: true });
  }
}
