import * as z from "zod";
import { StoreError, type ObjectBytes, type ObjectStore } from "#core/object-store.ts";
import { folderStore } from "./folder-store.ts";

/** The key of an object in LFS: the protocol asks for its size too. */
export function lfsKey({ sha256, size }: { sha256: string; size: number }): string {
  return `${sha256}/${size}`;
}

const answerSchema = z.object({
  objects: z
    .array(
      z.object({
        actions: z
          .object({ download: z.object({ href: z.url(), header: z.record(z.string(), z.string()).optional() }) })
          .optional(),
        error: z.object({ code: z.number(), message: z.string() }).optional(),
      }),
    )
    .length(1),
});
type Download = { href: string; header?: Record<string, string> | undefined };

/** The LFS server of a repository, read only, by the batch API and its basic transfer. */
export function lfsStore(cloneUrl: string, token: string): ObjectStore {
  const endpoint = `${cloneUrl.replace(/\/$/, "")}/info/lfs/objects/batch`;
  const name = `the LFS server of "${new URL(cloneUrl).pathname.slice(1).replace(/\.git$/, "")}"`;
  const authorization = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;

  async function find(key: string, signal: AbortSignal | undefined): Promise<Download | undefined> {
    const [oid = "", size = ""] = key.split("/");
    const response = await send(name, endpoint, {
      method: "POST",
      headers: {
        accept: "application/vnd.git-lfs+json",
        "content-type": "application/vnd.git-lfs+json",
        ...(token === "" ? {} : { authorization }),
      },
      body: JSON.stringify({ operation: "download", transfers: ["basic"], objects: [{ oid, size: Number(size) }] }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status === 404 || response.status === 501)
      throw new StoreError(
        "refused",
        `Cannot reach ${name}: there is none; push the files to it, or commit them to git`,
      );
    refuse(response, name);
    const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
    const [object] = answer.success ? answer.data.objects : [];
    if (object === undefined) throw new StoreError("broken", `Cannot read what ${name} answers: it is no batch of LFS`);
    if (object.error !== undefined && object.error.code !== 404 && object.error.code !== 410)
      throw new StoreError("refused", `${name} answered ${object.error.code} (${object.error.message.slice(0, 200)})`);
    return object.actions?.download;
  }

  return {
    name,
    has: async (key, signal) => ((await find(key, signal)) === undefined ? undefined : Number(key.split("/")[1])),
    async get(key, from, signal) {
      const download = await find(key, signal);
      if (download === undefined) return undefined;
      const range = from === 0 ? {} : { range: `bytes=${from}-` };
      const response = await send(name, download.href, {
        headers: { ...download.header, ...range },
        ...(signal === undefined ? {} : { signal }),
      });
      if (response.status === 404 || response.status === 410) return undefined;
      refuse(response, name);
      return describe(response, name);
    },
    put: async () => await Promise.reject(new StoreError("refused", `${name} is only read: use git lfs push`)),
    // oxlint-disable-next-line require-yield -- the protocol lists nothing
    async *list() {
      await Promise.reject(new StoreError("refused", `${name} lists nothing`));
    },
  };
}

/** What `git lfs fetch` has brought to a clone's own folder. */
export function localLfs(folder: string): ObjectStore {
  const store = folderStore(folder);
  const place = (key: string): string => {
    const [oid = ""] = key.split("/");
    return `${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`;
  };
  return {
    ...store,
    has: async (key) => await store.has(place(key)),
    get: async (key, from, signal) => await store.get(place(key), from, signal),
  };
}

async function send(name: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new StoreError("unavailable", `${name} does not answer`, { cause });
  }
}

function refuse({ ok, status }: Response, name: string): void {
  if (ok) return;
  if (status === 401 || status === 403)
    throw new StoreError(
      "forbidden",
      `${name} answered ${status}: the token may not read it; the job needs "contents: read"`,
    );
  const code = status >= 500 || status === 429 ? "unavailable" : "refused";
  throw new StoreError(code, `${name} answered ${status}`);
}

function describe(response: Response, name: string): ObjectBytes {
  const [, first, all] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  const length = all ?? response.headers.get("content-length");
  return {
    from: Number(first ?? 0),
    size: length === null ? undefined : Number(length),
    stream: streamOf(response, name),
  };
}

async function* streamOf({ body }: Response, name: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body ?? []) if (chunk instanceof Uint8Array) yield chunk;
  } catch (cause) {
    throw new StoreError("unavailable", `the connection to ${name} broke`, { cause });
  }
}
