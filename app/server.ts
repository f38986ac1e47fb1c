import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createProbot, ProbotOctokit } from "probot";
import { trainyard } from "./index.ts";
import { createDesk } from "#handlers/desk.ts";
import { createQueue, type Queue } from "#handlers/work/queue.ts";
import { receiveWebhook, type EventName } from "#handlers/receive-webhook.ts";
import { createSweeper } from "#handlers/work/sweeper.ts";

export type AppOptions = {
  appId: number;
  privateKey: string;
  /** of the webhook; there is no default */
  secret: string;
  /** such as https://api.github.com */
  apiUrl?: string | undefined;
  port?: number | undefined;
  host?: string | undefined;
  /** told of what was given up */
  onProblem?: ((key: string, error: unknown) => void) | undefined;
  /** look at every repository at the start, and every quarter of an hour (default true) */
  sweeps?: boolean | undefined;
  /** the first wait before failed work is tried again (default 5 s) */
  backOffMs?: number | undefined;
};

export type RunningApp = {
  url: string;
  port: number;
  queue: Queue;
  /** Looks at every repository now. */
  sweep(): Promise<void>;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
  stop(): Promise<void>;
};

const webhookPath = "/api/github/webhooks";

/**
 * Starts the app: verifies each webhook, answers 202 at once and works afterwards. A delivery may come twice:
 * doing it again changes nothing. Throws a sentence where the secret is missing or the port is taken.
 */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  if (options.secret === "" || options.secret === "development") {
    throw new Error("Cannot start the app without a webhook secret: set WEBHOOK_SECRET to what the app's settings say");
  }
  const { apiUrl, onProblem, backOffMs } = options;
  const queue = createQueue({ onProblem, backOffMs });
  const probot = createProbot({
    overrides: {
      appId: options.appId,
      privateKey: options.privateKey,
      secret: options.secret,
      logLevel: "fatal",
      ...(apiUrl === undefined ? {} : { baseUrl: apiUrl, Octokit: unpaced(apiUrl) }),
    },
    env: {},
  });
  const desk = createDesk(queue);
  const sweeper = createSweeper(probot, desk, { onProblem });
  await probot.load(trainyard(desk, sweeper));
  const server = createServer((request, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message: text }));
    };
    if (request.method === "GET" && request.url === "/ping") return answer(200, "pong");
    if (request.method !== "POST" || request.url !== webhookPath)
      return answer(404, `Webhooks are taken at POST ${webhookPath}`);
    void take().catch((error: unknown) => {
      options.onProblem?.("webhook", error);
      if (!response.headersSent) answer(500, "The webhook could not be taken");
    });
    async function take(): Promise<void> {
      const received = await receiveWebhook(request, options.secret);
      if (received.kind === "refused") return answer(received.status, received.because);
      if (received.kind === "ignored") return answer(202, received.because);
      answer(202, "Taken");
      const { id, name, payload } = received;
      await probot.receive(asEvent(id, name, payload));
    }
  });
  // A body of 25 MB takes seconds; whoever takes longer keeps others out.
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.maxConnections = 1_000;
  const port = await listen(server, options.port ?? 0, options.host ?? "127.0.0.1");
  if (options.sweeps !== false) sweeper.start();
  return {
    url: `http://${options.host ?? "127.0.0.1"}:${port}${webhookPath}`,
    port,
    queue,
    sweep: async () => await sweeper.sweep(),
    async idle() {
      await sweeper.idle();
      await queue.idle();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([sweeper.stop(), queue.stop()]);
    },
  };
}

type ProbotEvent = Parameters<Awaited<ReturnType<typeof createProbot>>["receive"]>[0];

function asEvent(id: string, name: EventName, payload: Readonly<Record<string, unknown>>): ProbotEvent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- signed by the service; handlers use it as a hint only
  return { id, name, payload } as unknown as ProbotEvent;
}

/** Pacing, and long waits before a request is sent again, are for the real service: a sandbox has its own limits. */
function unpaced(apiUrl: string): typeof ProbotOctokit {
  const { hostname } = new URL(apiUrl);
  const local = hostname === "127.0.0.1" || hostname === "localhost" || hostname.endsWith(".localhost");
  return ProbotOctokit.defaults((given: Readonly<Record<string, unknown>>) => ({
    ...given,
    baseUrl: apiUrl,
    ...(local ? { throttle: { enabled: false }, retry: { retryAfterBaseValue: 20 } } : {}),
  }));
}

async function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Cannot start the app on port ${port}: it is taken. Choose another with --port`)
          : error,
      );
    });
    server.listen(port, host, () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
