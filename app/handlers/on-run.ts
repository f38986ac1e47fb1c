import type { Probot } from "probot";
import { parseCommitSha } from "#core/names.ts";
import { sayUnjudged } from "#flow/pull/say-unjudged.ts";
import { isReportOf, reportRun } from "#flow/report-run.ts";
import { isWriter } from "./app-ports.ts";
import type { Desk } from "./desk.ts";
import { tryAgain } from "./work/pull-job.ts";

/** A run of the loop has ended: what it claims is recorded, judged and said. */
export function onRun(app: Probot, { queue, openPorts, unaffected }: Desk): void {
  app.on("workflow_run.completed", (context) => {
    const { repository, workflow_run: run } = context.payload;
    if (!isReportOf(run.event)) return;
    const first = run.event === "pull_request" && run.run_attempt === 1;
    const place = { repository: repository.full_name, open: () => openPorts(context.octokit, repository) };
    queue.add({
      repository: repository.full_name,
      key: `run ${run.id}`,
      work: async () => {
        if (first && unaffected.has(repository.full_name, run.head_sha)) return;
        const ports = place.open();
        if (await isWriter(ports)) tryAgain(queue, place, await reportRun(ports, run.id));
      },
      giveUp: async (error) => {
        if (run.event !== "pull_request" && run.event !== "merge_group") return;
        const ports = place.open();
        const because = error instanceof Error ? error.message : String(error);
        if (await isWriter(ports)) await sayUnjudged(ports, parseCommitSha(run.head_sha), because);
      },
    });
  });
}
