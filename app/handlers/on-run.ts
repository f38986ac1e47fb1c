import type { Probot } from "probot";
import { isReportOf, reportRun } from "#flow/report-run.ts";
import { isWriter } from "./app-ports.ts";
import type { Desk } from "./desk.ts";

/** A run of the loop has ended: what it claims is recorded, judged and said. */
export function onRun(app: Probot, { queue, openPorts, unaffected }: Desk): void {
  app.on("workflow_run.completed", (context) => {
    const { repository, workflow_run: run } = context.payload;
    if (!isReportOf(run.event)) return;
    const first = run.event === "pull_request" && run.run_attempt === 1;
    const ports = openPorts(context.octokit, repository);
    queue.add({
      repository: repository.full_name,
      key: `run ${run.id}`,
      work: async () => {
        if (first && unaffected.has(repository.full_name, run.head_sha)) return;
        if (await isWriter(ports)) await reportRun(ports, run.id);
      },
    });
  });
}
