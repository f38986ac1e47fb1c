import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Opens a server on this machine only. Throws one sentence where the port is taken. */
export function listen(answer: RequestListener, port: number): Promise<{ server: Server; port: number }> {
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, answer);
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === "EADDRINUSE"
          ? `port "${port}" is taken by another program: name a free one, or 0 for any`
          : cause.message;
      reject(new Error(`Cannot start the sandbox on "127.0.0.1:${port}": ${why}`, { cause }));
    });
    server.listen(port, "127.0.0.1", () => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server that listens has such an address
      resolve({ server, port: (server.address() as AddressInfo).port });
    });
  });
}

/** Ends connections and waits until the port is free. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
