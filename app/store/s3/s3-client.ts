import { S3Client } from "@aws-sdk/client-s3";
import type { S3Address } from "#core/store-address.ts";

export type S3Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** The credentials of an environment; no file, no metadata service and no other program is ever asked. */
export function readCredentials(env: Environment): S3Credentials | undefined {
  const accessKeyId = env["AWS_ACCESS_KEY_ID"] ?? "";
  const secretAccessKey = env["AWS_SECRET_ACCESS_KEY"] ?? "";
  const sessionToken = env["AWS_SESSION_TOKEN"] ?? "";
  if (accessKeyId === "" || secretAccessKey === "") return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === "" ? {} : { sessionToken }) };
}

/** A client for one address. Without credentials requests go unsigned, as public buckets take them. */
export function createS3Client(address: S3Address, env: Environment, timeoutMs: number): S3Client {
  const credentials = readCredentials(env);
  return new S3Client({
    region: address.region ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "us-east-1",
    ...(address.endpoint === undefined ? {} : { endpoint: address.endpoint }),
    forcePathStyle: address.pathStyle ?? address.endpoint !== undefined,
    credentials: credentials ?? { accessKeyId: "none", secretAccessKey: "none" },
    ...(credentials === undefined ? { signer: { sign: async (request) => await Promise.resolve(request) } } : {}),
    // Retries are ours: they are said, and a transfer goes on where it broke.
    maxAttempts: 1,
    // Compatibles do not all know the newer checksums; every object is compared by its own digests anyway.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // Silence ends a request, slowness does not: a large part may take its time.
    requestHandler: { connectionTimeout: timeoutMs, socketTimeout: timeoutMs },
  });
}
