import type { ForgeInside } from "#sandbox/forge/inside.ts";

/** What GitHub says about itself. */
export function registerLimits(forge: ForgeInside): void {
  forge.route("GET /meta", {
    permission: "none",
    handler: () => ({ status: 200, body: { verifiable_password_authentication: false, hooks: ["127.0.0.1/32"] } }),
  });
  forge.route("GET /rate_limit", {
    permission: "none",
    handler: ({ actor }) => {
      const now = forge.tokenClock().getTime();
      // asking does not count
      forge.limit.refund(actor, now);
      const headers = forge.limit.headers(actor, now);
      const number = (name: string): number => Number(headers[`x-ratelimit-${name}`]);
      const rate = {
        limit: number("limit"),
        used: number("used"),
        remaining: number("remaining"),
        reset: number("reset"),
      };
      return { status: 200, body: { resources: { core: rate, search: rate }, rate }, headers };
    },
  });
}
