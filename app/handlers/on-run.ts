import type { Probot } from "probot";
import { isReportOf, reportRun } from "#flow/report-run.ts";
import { appPorts, isWriter } from "./app-ports.ts";
import type { Queue } from "./queue.ts";

/** A run of the loop has ended: what it claims is recorded, judged and said. */
export function onRun(app: Probot, queue: Queue): void {
  app.on("workflow_run.completed", (context) => {
    const { repository, workflow_run: run } = context.payload;
    if (!isReportOf(run.event)) return;
    const ports = appPorts(context.octokit, repository);
    queue.add({
      repository: repository.full_name,
      key: `run ${run.id}`,
      work: async () => {
        if (await isWriter(ports)) await reportRun(ports, run.id);
      },
    });
  });
}
