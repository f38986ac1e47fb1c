// The app in a process of its own, as in production, that says how much memory it needs.
import { startApp } from "#app/server.ts";

export type AppOrder = { appId: number; privateKey: string; secret: string; apiUrl: string };
export type AppAsked = { id: number; what: "start"; order: AppOrder } | { id: number; what: "idle" | "memory" };
export type AppMemory = { rssBytes: number; heapBytes: number };
export type AppSaid = { id: number; url?: string; memory?: AppMemory; problem?: string };

let app: Awaited<ReturnType<typeof startApp>> | undefined;

process.on("message", (asked: AppAsked) => {
  void answer(asked).then(
    (said) => process.send?.({ id: asked.id, ...said }),
    (error: unknown) => process.send?.({ id: asked.id, problem: String(error) }),
  );
});

async function answer(asked: AppAsked): Promise<Omit<AppSaid, "id">> {
  switch (asked.what) {
    case "start":
      app = await startApp({
        ...asked.order,
        onProblem: (key, error) =>
          process.stderr.write(`${key}: ${error instanceof Error ? error.message : String(error)}\n`),
      });
      return { url: app.url };
    case "idle":
      await app?.queue.idle();
      return {};
    case "memory": {
      // what is no longer needed is no growth
      for (let time = 0; time < 3; time++) globalThis.gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      return { memory: { rssBytes: rss, heapBytes: heapUsed } };
    }
  }
}
