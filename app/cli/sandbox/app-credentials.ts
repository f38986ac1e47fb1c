import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { hookOfApp } from "#sandbox/forge/admin/apps.ts";
import type { LocalForge } from "#sandbox/forge/forge.ts";

export const appSlug = "trainyard";

const credentialsSchema = z.object({
  appId: z.number(),
  privateKey: z.string(),
  secret: z.string(),
});
export type Credentials = z.infer<typeof credentialsSchema>;

/** The app of a sandbox: registered when the sandbox is new, read from its folder when it goes on. */
export async function readCredentials(forge: LocalForge, folder: string): Promise<Credentials> {
  const file = join(folder, "app.json");
  const known = credentialsSchema.safeParse(await readJson(file)).data;
  if (known !== undefined && forge.app(known.appId) !== undefined) return known;
  if (forge.account("trainyard") === undefined) forge.createUser("trainyard");
  const secret = randomBytes(32).toString("hex");
  const { app, privateKey } = forge.createApp({
    slug: appSlug,
    owner: "trainyard",
    permissions: {
      actions: "write",
      checks: "write",
      contents: "write",
      deployments: "write",
      issues: "write",
      merge_queues: "read",
      metadata: "read",
      pull_requests: "write",
    },
    events: ["check_run", "issue_comment", "issues", "merge_group", "pull_request", "push", "workflow_run"],
    // where it listens is known once it does: `listenAt`
    webhook: { url: "http://127.0.0.1/", secret },
  });
  const credentials: Credentials = { appId: app.id, privateKey, secret };
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

/** Sends the app's webhooks to where it listens now. */
export function listenAt(forge: LocalForge, appId: number, url: string): void {
  const hook = hookOfApp(forge.state, appId);
  if (hook !== undefined) forge.state.hooks.set(hook.id, { url });
}
