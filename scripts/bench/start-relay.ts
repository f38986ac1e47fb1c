import { createServer, type IncomingHttpHeaders } from "node:http";

/** A webhook as it was signed. `atMs`: when it was handed to the app, by `performance.now()`. */
export type Webhook = {
  event: string;
  action: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  atMs: number;
};

export type Relay = {
  url: string;
  /** all that came through, oldest first */
  readonly webhooks: readonly Webhook[];
  /** sends one once more */
  send(webhook: Webhook): Promise<void>;
  stop(): Promise<void>;
};

const passedOn = ["content-type", "x-github-event", "x-github-delivery", "x-hub-signature-256", "user-agent"];

/** Stands between the service and the app, and notes when the app is told of what. */
export async function startRelay(to: string): Promise<Relay> {
  const webhooks: Webhook[] = [];
  const post = async ({ headers, body }: Pick<Webhook, "headers" | "body">): Promise<number> => {
    const answer = await fetch(to, { method: "POST", headers, body: new Uint8Array(body) });
    await answer.arrayBuffer();
    return answer.status;
  };
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const headers = pick(request.headers);
      const webhook = { event: headers["x-github-event"] ?? "", action: readAction(body), headers, body };
      webhooks.push({ ...webhook, atMs: performance.now() });
      response.writeHead(await post(webhook)).end();
    };
    void pass().catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`,
    webhooks,
    async send(webhook) {
      const status = await post(webhook);
      if (status !== 202) throw new Error(`The app answers ${status} to "${webhook.event}"`);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function pick(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(passedOn.map((name) => [name, String(headers[name] ?? "")]));
}

function readAction(body: Buffer): string {
  const payload: unknown = JSON.parse(body.toString("utf8"));
  const action = typeof payload === "object" && payload !== null && "action" in payload ? payload.action : "";
  return typeof action === "string" ? action : "";
}
