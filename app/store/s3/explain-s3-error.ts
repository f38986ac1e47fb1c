import { StoreError } from "#core/object-store.ts";

/** Is this the answer that there is no such object? */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404 && nameOf(error) !== "NoSuchBucket";
}

/** An error of the client as a sentence with what would mend it. Credentials, addresses with signatures and headers stay out. */
export function explainS3Error(error: unknown, what: string, store: string, signed: boolean): StoreError {
  if (error instanceof StoreError) return error;
  const [status, name] = [statusOf(error), nameOf(error)];
  const cannot = `Cannot ${what} ${store}:`;
  if (name === "NoSuchBucket")
    return new StoreError("refused", `${cannot} there is no such bucket; check its name, the endpoint and the region`);
  if (status === 401 || status === 403) {
    const mend = signed
      ? "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, and what their owner may do there"
      : 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment (in a job: as lines of the secret "secrets")';
    return new StoreError("forbidden", `${cannot} it answered ${status} (${shorten(name)}); ${mend}`);
  }
  if (status === 301 || status === 307 || name === "PermanentRedirect" || name === "AuthorizationHeaderMalformed")
    return new StoreError("refused", `${cannot} the bucket is in another region; set "region"`);
  if (status !== undefined && (status >= 500 || status === 429 || status === 408))
    return new StoreError("unavailable", `${cannot} it answered ${status} (${shorten(name)})`);
  if (status !== undefined && status >= 400)
    return new StoreError("refused", `${cannot} it answered ${status} (${shorten(name)})`);
  const because = error instanceof Error ? `${error.name} ${shorten(codeOf(error) ?? error.message)}` : String(error);
  if (/timeout/i.test(because)) return new StoreError("stalled", `${cannot} it does not answer in time`);
  return new StoreError("unavailable", `${cannot} the connection failed (${because})`, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const { $metadata } = error;
  if (typeof $metadata !== "object" || $metadata === null || !("httpStatusCode" in $metadata)) return undefined;
  return typeof $metadata.httpStatusCode === "number" ? $metadata.httpStatusCode : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const shorten = (text: string): string => text.replaceAll(/\s+/g, " ").slice(0, 120);
