import type { Probot } from "probot";
import type { Sweeper } from "./work/sweeper.ts";

/** The app came to repositories that may hold work already. */
export function onInstallation(app: Probot, { sweepInstallation }: Sweeper): void {
  app.on(
    [
      "installation.created",
      "installation.unsuspend",
      "installation.new_permissions_accepted",
      "installation_repositories.added",
    ],
    // not waited for: the webhook is answered, and what goes wrong is told
    ({ payload }) => void sweepInstallation(payload.installation.id),
  );
}
