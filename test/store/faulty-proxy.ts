import { setTimeout as sleep } from "node:timers/promises";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";

/** What happens to the next answer with a body: it is refused, never comes, ends after so many bytes, or falls silent after them. */
export type Fault =
  | { kind: "answer"; status: number }
  | { kind: "silence" }
  | { kind: "cut"; after: number; when: () => boolean }
  | { kind: "stall"; after: number };

export type FaultyProxy = {
  url: string;
  /** one for each request that comes, in order; none left: all is well */
  faults: Fault[];
  /** of every request: "GET bytes=100-" */
  seen: string[];
  close(): Promise<void>;
};

/**
 * An HTTP proxy on this machine before a server, with faults on demand. Whatever is signed, the host too, stays as it is.
 * `admit` may refuse a request as S3 refuses a wrong signature.
 */
export async function faultyProxy(
  target: { address: string; port: number },
  admit: (from: IncomingMessage) => boolean = () => true,
): Promise<FaultyProxy> {
  const faults: Fault[] = [];
  const seen: string[] = [];
  const server = createServer((from, to) => {
    seen.push(`${from.method ?? ""} ${from.headers.range ?? ""}`.trim());
    if (!admit(from)) {
      from.resume();
      to.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>");
      return;
    }
    const fault = faults.shift();
    if (fault?.kind === "answer") {
      from.resume();
      to.writeHead(fault.status).end("<Error><Code>SlowDown</Code></Error>");
      return;
    }
    if (fault?.kind === "silence") return;
    const { address: host, port } = target;
    const on = request({ host, port, method: from.method, path: from.url, headers: from.headers }, (answer) =>
      passOn(answer, to, fault),
    );
    on.on("error", () => to.destroy());
    from.pipe(on);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    faults,
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function passOn(
  answer: IncomingMessage,
  to: ServerResponse,
  fault: Exclude<Fault, { kind: "answer" | "silence" }> | undefined,
): void {
  to.writeHead(answer.statusCode ?? 502, answer.headers);
  if (fault === undefined) {
    answer.pipe(to);
    return;
  }
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  answer.on("end", () => {
    to.write(Buffer.concat(chunks).subarray(0, fault.after), () => {
      if (fault.kind === "cut") void cutWhen(to, fault.when);
    });
  });
}

/** A client drops what it has not read when a connection breaks: this waits until it has read some. */
async function cutWhen(to: ServerResponse, when: () => boolean): Promise<void> {
  while (!when() && !to.destroyed) await sleep(5);
  to.destroy();
}
