import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * Who may do what with the pages. They are for people in a browser on this machine: any page on the web can make that
 * browser send requests here, and so can the code of a pull request that runs here.
 */
export type Guard = {
  /** what the link that people open carries, new with each start */
  key: string;
  /** Whether the browser believes to speak with this machine: a name that leads here by a trick of DNS does not count. */
  isAddressed(request: IncomingMessage): boolean;
  /** Whether this browser has opened the link. */
  isKnown(request: IncomingMessage): boolean;
  /** Whether one of our own pages sent this. */
  isOwn(request: IncomingMessage): boolean;
  opens(key: string): boolean;
  cookie: string;
};

/** Makes a guard for a server on a port of this machine. */
export function createGuard(port: () => string): Guard {
  const key = randomBytes(24).toString("base64url");
  const name = (): string => `trainyard-sandbox-${port()}`;
  const isKey = (text: string): boolean => timingSafeEqual(digest(text), digest(key));
  return {
    key,
    opens: isKey,
    get cookie() {
      return `${name()}=${key}; HttpOnly; SameSite=Strict; Path=/`;
    },
    isAddressed({ headers }) {
      return ["127.0.0.1", "localhost", "[::1]"].some((host) => headers.host === `${host}:${port()}`);
    },
    isKnown({ headers }) {
      const cookies = (headers.cookie ?? "").split(";").map((cookie) => cookie.trim().split("=", 2));
      return cookies.some(([one, value]) => one === name() && isKey(value ?? ""));
    },
    isOwn({ headers }) {
      const site = headers["sec-fetch-site"];
      return headers.origin === `http://${headers.host ?? ""}` && (site === undefined || site === "same-origin");
    },
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
