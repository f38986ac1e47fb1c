import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { receiveWebhook, type ReceivedWebhook } from "#handlers/receive-webhook.ts";

const secret = "a secret";
const sign = (body: string | Buffer): string => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

let server: Server;
let url = "";
type Answer = ReceivedWebhook | { kind: "threw" };
const answers = new Map<string, Answer>();
let nth = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      const answer: Answer = await receiveWebhook(request, secret).catch((): Answer => ({ kind: "threw" }));
      answers.set(String(request.headers["x-nth"]), answer);
      response.writeHead(answer.kind === "refused" ? answer.status : 202).end();
    };
    void take();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function send(body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const nthText = String(nth++);
  const common = {
    "x-nth": nthText,
    "x-hub-signature-256": sign(body),
    "x-github-delivery": "1",
    "x-github-event": "push",
  };
  const response = await fetch(url, { method: "POST", body, headers: { ...common, ...headers } });
  await response.arrayBuffer();
  return answers.get(nthText) ?? { kind: "threw" };
}

describe("receiveWebhook()", () => {
  it.for([
    ["a signed event", "{}", {}, { kind: "event", name: "push", payload: {} }],
    ["no signature", "{}", { "x-hub-signature-256": "" }, { status: 401 }],
    ["a signature of other bytes", "{}", { "x-hub-signature-256": sign("{ }") }, { status: 401 }],
    ["a signature in capitals", "{}", { "x-hub-signature-256": sign("{}").toUpperCase() }, { status: 401 }],
    ["the older SHA-1", "{}", { "x-hub-signature-256": `sha1=${"0".repeat(40)}` }, { status: 401 }],
    ["a long signature", "{}", { "x-hub-signature-256": `sha256=${"0".repeat(8_000)}` }, { status: 401 }],
    ["an event that nobody listens to", "{}", { "x-github-event": "fork" }, { kind: "ignored" }],
    ["an event of a prototype's name", "{}", { "x-github-event": "__proto__" }, { kind: "ignored" }],
    ["no delivery", "{}", { "x-github-delivery": "" }, { status: 400 }],
    ["null", "null", {}, { status: 400 }],
    ["an array", "[]", {}, { status: 400 }],
    ["a form", "payload=%7B%7D", { "content-type": "application/x-www-form-urlencoded" }, { status: 400 }],
    ["nothing", "", {}, { status: 400 }],
    ["no UTF-8", Buffer.from([0xff, 0xfe]), {}, { status: 400 }],
    ["a hundred thousand brackets", "[".repeat(100_000), {}, { status: 400 }],
    ["a key of a prototype", '{"__proto__":{"polluted":true}}', {}, { kind: "event" }],
  ] as const)("takes %s for what it is", async ([, body, headers, wanted]) => {
    expect(await send(body, headers)).toMatchObject(wanted);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("refuses what is larger than GitHub sends, signed or not", async () => {
    const body = Buffer.alloc(26 * 1024 * 1024, " ");
    expect(await send(body)).toMatchObject({ status: 413 });
    expect(await send(body, { "x-hub-signature-256": "" })).toMatchObject({ status: 413 });
  });

  it("holds no more than its share of bodies that never end, and takes events again when they are gone", async () => {
    const sockets = Array.from({ length: 10 }, () => connect(Number(new URL(url).port), "127.0.0.1"));
    const size = 24 * 1024 * 1024;
    const head = `POST / HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: ${sign("")}\r\nContent-Length: ${size}\r\n\r\n`;
    await Promise.all(
      sockets.map(
        async (socket) =>
          await new Promise<void>((resolve) => {
            socket.on("error", () => undefined);
            socket.write(head);
            socket.write(Buffer.alloc(size - 1), () => resolve());
          }),
      ),
    );
    const body = JSON.stringify({ text: " ".repeat(200_000) });
    await expect.poll(async () => await send(body)).toMatchObject({ status: 503 });
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => await send(body)).toMatchObject({ kind: "event" });
  });
});
