import { fork } from "node:child_process";
import { join } from "node:path";
import type { AppAsked, AppMemory, AppOrder, AppSaid } from "./app-process.ts";

export type AppProcess = {
  /** where its webhooks arrive */
  url: string;
  /** resolves when it has nothing left to do */
  idle(): Promise<void>;
  /** after its garbage is collected */
  memory(): Promise<AppMemory>;
  stop(): void;
};

/** Starts the app in a process of its own. */
export async function startAppProcess(order: AppOrder): Promise<AppProcess> {
  const child = fork(join(import.meta.dirname, "app-process.ts"), {
    execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
  });
  const waiting = new Map<number, { resolve: (said: AppSaid) => void; reject: (error: Error) => void }>();
  child.on("message", (said: AppSaid) => {
    const asked = waiting.get(said.id);
    waiting.delete(said.id);
    if (said.problem === undefined) asked?.resolve(said);
    else asked?.reject(new Error(said.problem));
  });
  child.on("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error("The app's process has ended"));
  });
  let next = 0;
  const ask = async (asked: { what: "start"; order: AppOrder } | { what: "idle" | "memory" }): Promise<AppSaid> =>
    await new Promise((resolve, reject) => {
      next += 1;
      waiting.set(next, { resolve, reject });
      const message: AppAsked = { ...asked, id: next };
      child.send(message);
    });
  const { url = "" } = await ask({ what: "start", order });
  return {
    url,
    idle: async () => void (await ask({ what: "idle" })),
    async memory() {
      const { memory } = await ask({ what: "memory" });
      if (memory === undefined) throw new Error("The app's process does not say how much memory it has");
      return memory;
    },
    stop: () => void child.kill(),
  };
}
