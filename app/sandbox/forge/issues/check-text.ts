import { githubError } from "#sandbox/forge/contract.ts";

const maxBody = 65_536;
const maxTitle = 256;

const isLonger = (text: string, limit: number): boolean => text.length > limit && Array.from(text).length > limit;

/** Throws 422 for a body that GitHub finds too long. */
export function checkBody(resource: "Issue" | "PullRequest", body: string | null | undefined): void {
  if (typeof body !== "string" || !isLonger(body, maxBody)) return;
  const message = `body is too long (maximum is ${maxBody} characters)`;
  throw githubError(422, "Validation Failed", [{ resource, code: "custom", field: "body", message }]);
}

/** Throws 422 for a title that is blank or too long. */
export function checkTitle(resource: "Issue" | "PullRequest", title: string): void {
  if (title.trim() === "")
    throw githubError(422, "Validation Failed", [{ resource, code: "missing_field", field: "title" }]);
  if (!isLonger(title, maxTitle)) return;
  const message = `title is too long (maximum is ${maxTitle} characters)`;
  throw githubError(422, "Validation Failed", [{ resource, code: "custom", field: "title", message }]);
}

/** Throws 422 for a comment that is blank or too long. */
export function checkComment(body: string): void {
  const message =
    body.trim() === ""
      ? "Body cannot be blank"
      : isLonger(body, maxBody)
        ? `Body is too long (maximum is ${maxBody} characters)`
        : undefined;
  if (message === undefined) return;
  throw githubError(422, "Validation Failed", [
    { resource: "IssueComment", code: "unprocessable", field: "data", message },
  ]);
}
