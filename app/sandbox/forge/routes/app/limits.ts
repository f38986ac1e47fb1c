import type { ForgeInside } from "#sandbox/forge/inside.ts";

/** What GitHub says about itself. */
export function registerLimits(forge: ForgeInside): void {
  forge.route("GET /meta", {
    permission: "none",
    handler: () => ({ status: 200, body: { verifiable_password_authentication: false, hooks: ["127.0.0.1/32"] } }),
  });
}
