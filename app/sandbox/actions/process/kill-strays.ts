import { readdir, readFile } from "node:fs/promises";

/** Kills processes that left their group but still carry the job's mark. */
export async function killStrays(trackingId: string): Promise<void> {
  const marked = `RUNNER_TRACKING_ID=${trackingId}`;
  const processes = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    processes.map(async (id) => {
      try {
        const environment = await readFile(`/proc/${id}/environ`, "utf8");
        if (environment.split("\0").includes(marked)) process.kill(Number(id), "SIGKILL");
      } catch {
        // Gone meanwhile, or somebody else's.
      }
    }),
  );
}
