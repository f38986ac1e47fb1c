const header = "version https://git-lfs.github.com/spec/v1\n";

/** What a pointer of Git LFS stands for, or undefined where these bytes are none. Its text is a stranger's. */
export function readLfsPointer(bytes: Uint8Array): { sha256: string; size: number } | undefined {
  if (bytes.length >= 1_024) return undefined;
  const text = Buffer.from(bytes).toString("latin1");
  if (!text.startsWith(header)) return undefined;
  const sha256 = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = Number(/^size (\d{1,15})$/m.exec(text)?.[1]);
  return sha256 === undefined || !Number.isSafeInteger(size) ? undefined : { sha256, size };
}
