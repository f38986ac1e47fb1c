import type { ServerResponse } from "node:http";
import { type Answer, githubError } from "#sandbox/forge/contract.ts";
import type { RequestFault } from "./fault.ts";

/** No answer at all: the connection is held for a while, and closed. */
export class ConnectionLost extends Error {
  readonly holdMs: number;
  constructor(holdMs: number) {
    super("The connection is lost");
    this.name = "ConnectionLost";
    this.holdMs = holdMs;
  }
}

const page = `<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
<hr><center>nginx</center>
</body>
</html>
`;

/** What the client sees of a fault. Throws ConnectionLost where it sees nothing. */
export function brokenAnswer({ does, holdMs = 200, retryAfterSeconds = 60 }: RequestFault): Answer {
  switch (does) {
    case "500":
      return { status: 500, body: githubError(500, "Server Error").body };
    case "502":
      return { status: 502, body: Buffer.from(page), headers: { "content-type": "text/html" } };
    case "hold":
      throw new ConnectionLost(holdMs);
    case "cut":
      throw new ConnectionLost(0);
    case "limit-403":
    case "limit-429":
      return {
        status: does === "limit-403" ? 403 : 429,
        headers: { "retry-after": String(retryAfterSeconds) },
        body: {
          documentation_url:
            "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
          message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        },
      };
  }
}

/** Keeps the client waiting, as long as it waits, and closes the connection. */
export async function loseConnection(response: ServerResponse, { holdMs }: ConnectionLost): Promise<void> {
  if (holdMs > 0 && !response.destroyed) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, holdMs);
      response.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
  response.destroy();
}
