import type { Probot } from "probot";
import { ServiceError } from "#core/ports.ts";
import { sweepDefault } from "#flow/sweep-default.ts";
import { isWriter } from "#handlers/app-ports.ts";
import type { QueueClock } from "./back-off.ts";
import { realClock } from "./back-off.ts";
import type { Desk } from "#handlers/desk.ts";
import { pullJob } from "./pull-job.ts";
import { redeliverLost, type AppOctokit } from "./redeliver-lost.ts";

export type Sweeper = {
  /** Sweeps now, and every quarter of an hour or so from then on. */
  start(): void;
  /** Looks at every repository that the app is installed on, and has GitHub send again what did not arrive. */
  sweep(): Promise<void>;
  /** The same for the repositories of one installation. */
  sweepInstallation(id: number): Promise<void>;
  /** Resolves when no sweep is under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
};

const everyMs = 15 * 60_000;
/** Commands that were said so long before the start are asked for once more. */
const saidBeforeMs = 3_600_000;

/** Finds what no event told: one repository after the other, through the same queue as events. */
export function createSweeper(
  app: Pick<Probot, "auth">,
  { queue, openPorts }: Desk,
  options: { onProblem?: ((key: string, error: unknown) => void) | undefined; clock?: QueueClock } = {},
): Sweeper {
  const { onProblem = () => undefined, clock = realClock } = options;
  const asked = new Set<string>();
  const stopping = new AbortController();
  let line: Promise<void> = Promise.resolve();
  let since: Date | undefined = new Date(clock.now().getTime() - saidBeforeMs);

  /** One sweep after the other; what goes wrong with one is told, and costs no other. */
  async function inLine(key: string, work: () => Promise<void>): Promise<void> {
    const done = line.then(async () => {
      if (!stopping.signal.aborted) await attempt(key, work);
    });
    line = done;
    await done;
  }

  async function attempt(key: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!stopping.signal.aborted) onProblem(key, error);
    }
  }

  async function sweepAll(): Promise<void> {
    const octokit = await app.auth();
    await attempt("webhooks that did not arrive", async () => {
      await redeliverLost(octokit, asked, { now: clock.now(), since });
      since = undefined;
    });
    const installations = await octokit.paginate("GET /app/installations", { per_page: 100 });
    for (const { id, suspended_at: suspended } of installations) {
      if (stopping.signal.aborted) return;
      // oxlint-disable-next-line no-await-in-loop -- one after the other: a sweep is in no hurry
      if (suspended === null) await attempt(`installation ${id}`, async () => await sweepOne(id));
    }
  }

  async function sweepOne(id: number): Promise<void> {
    const octokit = await app.auth(id);
    const repositories = await octokit.paginate("GET /installation/repositories", { per_page: 100 });
    for (const repository of repositories) {
      if (stopping.signal.aborted) return;
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (!repository.archived && repository.disabled !== true) await sweepRepository(octokit, repository);
    }
  }

  async function sweepRepository(
    octokit: AppOctokit,
    repository: { name: string; full_name: string; owner: { login: string }; default_branch: string },
  ): Promise<void> {
    const place = { repository: repository.full_name, open: () => openPorts(octokit, repository) };
    queue.add({
      repository: place.repository,
      key: "sweep the repository",
      async work() {
        const ports = place.open();
        if (!(await mayBeWriter(ports))) return;
        await sweepDefault(ports);
        const { name } = await ports.repository.defaultBranch();
        for (const { number } of await ports.pulls.openOnto(name))
          queue.add({ ...pullJob({ ...place, pull: number }, {}), yields: true });
      },
    });
    await queue.idle(place.repository);
  }

  return {
    start() {
      void (async () => {
        while (!stopping.signal.aborted) {
          // oxlint-disable-next-line no-await-in-loop -- for ever
          await inLine("sweep", sweepAll);
          // oxlint-disable-next-line no-await-in-loop -- not all apps at the same minute
          await clock.wait(everyMs * (0.8 + clock.random() * 0.4), stopping.signal);
        }
      })();
    },
    sweep: async () => await inLine("sweep", sweepAll),
    sweepInstallation: async (id) => await inLine(`installation ${id}`, async () => await sweepOne(id)),
    async idle() {
      await line;
    },
    async stop() {
      stopping.abort();
      await line;
    },
  };
}

/** A repository without a commit has no branch to say who writes. */
async function mayBeWriter(ports: Parameters<typeof isWriter>[0]): Promise<boolean> {
  try {
    return await isWriter(ports);
  } catch (error) {
    if (error instanceof ServiceError && (error.code === "not-found" || error.code === "conflict")) return false;
    throw error;
  }
}
