import { open } from "node:fs/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type S3Client,
} from "@aws-sdk/client-s3";

const mostParts = 10_000;
const attempts = 3;

/** Sends a large file in parts, one in memory at a time; whatever goes wrong, no part is left behind. */
export async function putInParts(
  client: S3Client,
  place: { Bucket: string; Key: string },
  what: { file: string; size: number; partBytes: number; onBytes?: ((sent: number) => void) | undefined },
): Promise<void> {
  const partBytes = Math.max(what.partBytes, Math.ceil(what.size / mostParts));
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(place));
  const handle = await open(what.file);
  try {
    const parts: { ETag: string | undefined; PartNumber: number }[] = [];
    for (let at = 0; at < what.size; at += partBytes) {
      const Body = new Uint8Array(Math.min(partBytes, what.size - at));
      const PartNumber = parts.length + 1;
      // oxlint-disable-next-line no-await-in-loop -- one part in memory
      await fill(handle, Body, at);
      // oxlint-disable-next-line no-await-in-loop -- see above
      const ETag = await sendPart(client, new UploadPartCommand({ ...place, UploadId, PartNumber, Body }));
      parts.push({ ETag, PartNumber });
      what.onBytes?.(at + Body.length);
    }
    await client.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: parts } }));
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...place, UploadId })).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

/** A part that did not arrive is sent again: the rest of a large file is not lost with it. */
async function sendPart(client: S3Client, command: UploadPartCommand): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- the next try is for one that failed
      return (await client.send(command)).ETag;
    } catch (error) {
      const metadata = error instanceof Error && "$metadata" in error ? JSON.stringify(error.$metadata) : "";
      if (attempt === attempts || /"httpStatusCode":4/.test(metadata)) throw error;
    }
  }
}

async function fill(handle: Awaited<ReturnType<typeof open>>, into: Uint8Array, from: number): Promise<void> {
  for (let done = 0; done < into.length;) {
    // oxlint-disable-next-line no-await-in-loop -- reads may be short
    const { bytesRead } = await handle.read(into, done, into.length - done, from + done);
    if (bytesRead === 0) throw new Error("the file became shorter while it was sent");
    done += bytesRead;
  }
}
