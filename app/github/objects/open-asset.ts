import type { ObjectBytes } from "#core/object-store.ts";
import { ServiceError } from "#core/ports.ts";
import { ask } from "#github/client/explain-error.ts";
import { downloading } from "#github/client/download.ts";
import { at, type GitHub } from "#github/client/octokit.ts";

/** The bytes of an asset from an offset on, as a stream. GitHub points to its storage, where the token does not go along. */
export async function openAsset(
  github: GitHub,
  asset: { id: number; name: string; size: number },
  from: number,
  signal: AbortSignal | undefined,
): Promise<ObjectBytes> {
  const act = {
    act: `download "${asset.name}" of "${github.owner}/${github.repo}"`,
    permission: "contents: read",
  };
  const range = from === 0 ? {} : { range: `bytes=${from}-` };
  const answer = await ask(act, async () =>
    github.octokit.request("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", {
      ...at(github),
      asset_id: asset.id,
      headers: { accept: "application/octet-stream", ...range },
      request: { ...downloading, ...(signal === undefined ? {} : { signal }) },
    }),
  );
  const location = answer.headers.location;
  if (location === undefined) {
    const data: unknown = answer.data;
    return { from: firstOf(answer.headers["content-range"]), size: asset.size, stream: streamOf(data, act.act) };
  }
  let response: Response;
  try {
    response = await fetch(location, { headers: range, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    throw new ServiceError("unreachable", `Cannot ${act.act}: the place that GitHub points to does not answer`, {
      cause,
    });
  }
  if (!response.ok) {
    const code = response.status === 404 || response.status === 410 ? "not-found" : "unreachable";
    throw new ServiceError(code, `Cannot ${act.act}: the place that GitHub points to answered ${response.status}`);
  }
  const first = firstOf(response.headers.get("content-range") ?? undefined);
  return { from: first, size: asset.size, stream: streamOf(response.body, act.act) };
}

function firstOf(contentRange: unknown): number {
  return typeof contentRange === "string" ? Number(/^bytes (\d+)-/.exec(contentRange)?.[1] ?? 0) : 0;
}

async function* streamOf(body: unknown, act: string): AsyncGenerator<Uint8Array> {
  if (!(body instanceof ReadableStream))
    throw new ServiceError("broken", `Cannot ${act}: the answer is no stream of bytes`);
  try {
    for await (const chunk of body) if (chunk instanceof Uint8Array) yield chunk;
  } catch (cause) {
    throw new ServiceError("unreachable", `Cannot ${act}: the connection broke`, { cause });
  }
}
