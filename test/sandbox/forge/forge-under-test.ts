import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { addAccount } from "#sandbox/forge/admin/accounts.ts";
import type { ForgeEvent, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { createForge, type LocalForge } from "#sandbox/forge/forge.ts";
import type { Permissions } from "#sandbox/forge/records.ts";
import { validateWebhook } from "#sandbox/openapi/validate-webhook.ts";

export type Reply = { status: number; body: JsonObject; list: JsonObject[]; headers: Headers };
/** Asks below /repos/acme/shop unless the path starts with "//" (then below the root) or "http". */
export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;

export type Bench = {
  forge: LocalForge;
  repo: Repo;
  /** by owner (admin), writer, reader, stranger; anonymous */
  owner: Ask;
  writer: Ask;
  reader: Ask;
  anonymous: Ask;
  /** a job's token with these permissions */
  job: (permissions: Permissions) => Ask;
  /** an installation's token of a fresh app with these permissions */
  app: (slug: string, permissions: Permissions) => Ask;
  /** commits a file onto a branch (made from the default branch's tip if missing); answers the commit */
  commit: (branch: string, file: string, message?: string) => Promise<string>;
  /** "issues.opened", in order, once everything has settled */
  events: () => Promise<string[]>;
  /** payloads of one event, once everything has settled */
  payloads: (event: string) => Promise<JsonObject[]>;
  /** moves the forge's clock */
  wait: (seconds: number) => void;
  close: () => Promise<void>;
};

/** A forge with the repository acme/shop (one commit on main), in a folder of its own, checked when it is closed. */
export async function openBench(options: { private?: boolean } = {}): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "forge-"));
  let clock = Date.parse("2026-11-02T09:00:00Z");
  const forge = createForge({ folder, clock: () => new Date(clock) });
  await forge.start();
  for (const login of ["acme", "wren", "rene", "stray"]) forge.createUser(login);
  const repo = await forge.createRepository({
    owner: "acme",
    name: "shop",
    private: options.private ?? false,
    collaborators: { wren: "write", rene: "read" },
  });
  const seen: ForgeEvent[] = [];
  const unclean: string[] = [];
  forge.on("*", (event) => {
    seen.push(event);
    unclean.push(...validateWebhook(event.name, event.action, event.payload));
  });
  const commit: Bench["commit"] = async (branch, file, message = `Add ${file}`) => {
    const { git } = repo;
    const before = await git.branch(branch);
    const parent = before ?? (await git.branch("main"));
    const tree = parent === undefined ? [] : await git.tree((await git.commit(parent))?.tree ?? "");
    const blob = {
      name: file,
      mode: "100644",
      kind: "blob",
      sha: await git.writeBlob(Buffer.from(`${message}\n`)),
    } as const;
    const by = { name: "Wren", email: "wren@example.com", seconds: Math.floor(clock / 1000), zone: "+0000" };
    const after = await git.writeCommit({
      tree: await git.writeTree([...(tree ?? []).filter((entry) => entry.name !== file), blob]),
      parents: parent === undefined ? [] : [parent],
      author: by,
      committer: by,
      message,
    });
    await git.moveRefs([{ name: `refs/heads/${branch}`, before: before ?? null, after }]);
    return after;
  };
  await commit("main", "README.md");
  const asker = (token: string | undefined): Ask => askWith(forge, token);
  const person = (login: string): Ask => asker(forge.createToken(login));
  return {
    forge,
    repo,
    owner: person("acme"),
    writer: person("wren"),
    reader: person("rene"),
    anonymous: asker(undefined),
    job: (permissions) => asker(forge.createJobToken(repo, permissions)),
    app: (slug, permissions) => {
      // signs nothing: making a key pair takes longer than the rest of a test
      const created_at = forge.instant();
      addAccount(forge.state, { login: `${slug}[bot]`, type: "Bot", name: null, email: null, created_at });
      const about = { id: forge.nextId(), slug, name: slug, owner: "acme", events: [], publicKey: null, created_at };
      const app = forge.state.apps.add({ ...about, permissions });
      const installation = forge.install(app, "acme");
      return asker(addInstallationToken(forge, installation.id, permissions));
    },
    commit,
    events: async () => {
      await forge.settled();
      return seen.map(({ name, action }) => (action === null ? name : `${name}.${action}`));
    },
    payloads: async (event) => {
      await forge.settled();
      return seen
        .filter(({ name, action }) => event === (action === null ? name : `${name}.${action}`))
        .map(({ payload }) => payload);
    },
    wait: (seconds) => {
      clock += seconds * 1000;
    },
    close: async () => {
      await forge.settled();
      await forge.stop();
      await rm(folder, { recursive: true, force: true });
      expect(forge.failures).toEqual([]);
      expect(unclean).toEqual([]);
    },
  };
}

function addInstallationToken(forge: LocalForge, installation: number, permissions: Permissions): string {
  const id = forge.nextId();
  const token = `ghs_test_${id}`;
  forge.state.tokens.add({
    id,
    token,
    expires_at: null,
    kind: "installation",
    installation,
    permissions,
    repositories: null,
  });
  return token;
}

function askWith(forge: LocalForge, token: string | undefined): Ask {
  return async (method, path, body, headers = {}) => {
    const below = path.startsWith("//") ? path.slice(1) : `/repos/acme/shop${path}`;
    const isRaw = body instanceof Uint8Array;
    const response = await fetch(path.startsWith("http") ? path : `${forge.urls.api}${below}`, {
      method,
      redirect: "manual",
      headers: {
        "user-agent": "test",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : {};
    const list = Array.isArray(parsed) ? parsed : [];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- GitHub answers objects or lists of them
    return {
      status: response.status,
      body: parsed as JsonObject,
      list: list as JsonObject[],
      headers: response.headers,
    };
  };
}
