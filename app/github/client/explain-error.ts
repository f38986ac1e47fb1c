import { ServiceError, type ServiceErrorCode } from "#core/ports.ts";
import { sayLimit } from "./retry-after.ts";

/** What was tried, in words that follow "Cannot", the permission it takes, and what to do where nothing is there. */
export type Act = { act: string; permission?: string; missing?: string };

/** GitHub says the same of a repository that is not there and of one that may not be seen. */
export const missingRepository =
  "; check the spelling of owner and name; if it is private, give a token that may read it";

type Answer = {
  /** false: the network failed, and `status` is our client's */
  answered: boolean;
  /** such as "https://api.github.com"; undefined where no address was tried */
  origin: string | undefined;
  status: number;
  write: boolean;
  message: string;
  details: string;
  headers: Readonly<Record<string, unknown>>;
};

/** Runs a request; what fails becomes a ServiceError with a sentence that says what would mend it. */
export async function ask<T>(act: Act, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ServiceError ? error : explainError(error, act);
  }
}

/** The same, where a thing that is not there is `undefined`. */
export async function askMaybe<T>(act: Act, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask(act, work);
  } catch (error) {
    if (error instanceof ServiceError && error.code === "not-found") return undefined;
    throw error;
  }
}

/** Did a write possibly arrive although it failed? Then look before sending it again. */
export function mayHaveHappened(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "unreachable";
}

export function isConflict(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "conflict";
}

function explainError(error: unknown, { act, permission, missing }: Act): ServiceError {
  const answer = readAnswer(error);
  if (answer === undefined) {
    const because = error instanceof Error ? error.message : String(error);
    return new ServiceError("broken", `Cannot ${act}: ${because}`, { cause: error });
  }
  const code = classify(answer);
  const said = `${answer.message}${answer.details}`.slice(0, 500);
  const mend = code === "not-found" ? (missing ?? "") : mendOf(code, answer, permission);
  const who = answer.answered ? `GitHub answered ${answer.status}` : `${answer.origin ?? "GitHub"} gave no answer:`;
  return new ServiceError(code, `Cannot ${act}: ${who} "${said}"${mend}`, { cause: error });
}

function classify({ status, message, details, headers }: Answer): ServiceErrorCode {
  const said = `${message}${details}`;
  if (status === 429 || (status === 403 && isLimit(said, headers))) return "limited";
  if (status === 401 || status === 403) return "forbidden";
  if (status === 404 || status === 410) return "not-found";
  if (status === 408 || status >= 500) return "unreachable";
  if (/rule violations?|protected|restricted/i.test(said)) return "refused";
  if (status === 409 || /already[ _]exists|fast[ -]forward|reference update failed/i.test(said)) return "conflict";
  return "refused";
}

function isLimit(said: string, headers: Answer["headers"]): boolean {
  return (
    /rate limit|abuse detection/i.test(said) ||
    headers["x-ratelimit-remaining"] === "0" ||
    headers["retry-after"] !== undefined
  );
}

function mendOf(
  code: ServiceErrorCode,
  { status, answered, write, message, details, headers }: Answer,
  permission: string | undefined,
): string {
  if (status === 401) return "; the token is wrong or has expired: give a valid one";
  if (code === "forbidden" && /resource not accessible/i.test(message)) {
    const accepted = headers["x-accepted-github-permissions"];
    const wanted = permission ?? (typeof accepted === "string" ? accepted.replaceAll("=", ": ") : undefined);
    return wanted === undefined
      ? "; the token lacks a permission"
      : `; add "${wanted}" to the permissions of the job or the app`;
  }
  if (code === "refused" && /rule violations?|protected|restricted/i.test(`${message}${details}`)) {
    return "; a ruleset or branch protection is in the way: exempt the one who writes in its bypass list";
  }
  if (code === "limited") return sayLimit(headers);
  const check = answered ? "" : "; check that address, what should listen there and the network";
  if (code === "unreachable" && write) return `${check}; whether it was done is not known: run it again`;
  if (code === "unreachable") return `${check}; run it again`;
  return "";
}

function readAnswer(error: unknown): Answer | undefined {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return undefined;
  const response = record("response" in error ? error.response : undefined);
  const data = record(response["data"]);
  const message = typeof data["message"] === "string" ? data["message"] : error.message;
  const errors = Array.isArray(data["errors"]) ? data["errors"] : [];
  const details = errors.length === 0 ? "" : ` ${JSON.stringify(errors)}`;
  const request = record("request" in error ? error.request : undefined);
  const url = typeof request["url"] === "string" ? request["url"] : undefined;
  // a query is asked by POST, and we know no mutation
  const write = request["method"] !== "GET" && url?.endsWith("/graphql") !== true;
  const answered = "response" in error && error.response !== undefined;
  const origin = url === undefined ? undefined : new URL(url).origin;
  return { answered, origin, status: error.status, write, message, details, headers: record(response["headers"]) };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
