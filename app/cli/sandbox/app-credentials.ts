import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import * as z from "zod";
import type { LocalForge } from "#sandbox/forge/forge.ts";

export const appSlug = "trainyard";

const credentialsSchema = z.strictObject({
  appId: z.number(),
  privateKey: z.string(),
  secret: z.string(),
  port: z.number(),
});
export type Credentials = z.infer<typeof credentialsSchema>;

/** The app of a sandbox: registered when the sandbox is new, read from its folder when it goes on. */
export async function readCredentials(forge: LocalForge, folder: string): Promise<Credentials> {
  const file = join(folder, "app.json");
  const known = credentialsSchema.safeParse(await readJson(file)).data;
  if (known !== undefined && forge.app(known.appId) !== undefined) return known;
  if (forge.account("trainyard") === undefined) forge.createUser("trainyard");
  const [secret, port] = [randomBytes(32).toString("hex"), await findFreePort()];
  const { app, privateKey } = forge.createApp({
    slug: appSlug,
    owner: "trainyard",
    permissions: {
      actions: "write",
      checks: "write",
      contents: "write",
      deployments: "write",
      issues: "write",
      metadata: "read",
      pull_requests: "write",
    },
    events: ["check_run", "issue_comment", "pull_request", "push", "workflow_run"],
    webhook: { url: `http://127.0.0.1:${port}/api/github/webhooks`, secret },
  });
  const credentials: Credentials = { appId: app.id, privateKey, secret, port };
  await writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** The webhook's address is registered before the app listens on it. */
async function findFreePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("No port is free")),
      );
    });
  });
}
