import { randomUUID } from "node:crypto";
import { parseCommitSha, type CommitSha } from "#core/names.ts";
import { isRepositoryPath } from "#core/identity/repository-path.ts";
import { ServiceError } from "#core/ports.ts";
import type { Git } from "./open-git.ts";
import { personLine, type Person } from "./person.ts";

export type CommitDraft = {
  parent: CommitSha | undefined;
  files: ReadonlyMap<string, string | Uint8Array>;
  message: string;
  author: Person;
  at: Date;
};

/** A commit with these files added or replaced on top of its parent, and whether they changed anything. Moves no ref. */
export async function buildCommit(git: Git, draft: CommitDraft): Promise<{ commit: CommitSha; changed: boolean }> {
  for (const path of draft.files.keys()) refuseOddPath(path);
  const made = await git.run(["fast-import", "--quiet", "--done", "--date-format=raw"], {
    input: formatImport(draft, "0".repeat(draft.parent?.length ?? (await idLength(git)))),
  });
  const commit = parseCommitSha(made.stdout.toString("utf8").trim());
  const [tree, before] = await Promise.all([
    git.object(`${commit}^{tree}`),
    draft.parent === undefined ? undefined : git.object(`${draft.parent}^{tree}`),
  ]);
  return { commit, changed: tree?.id !== before?.id };
}

/** What `git fast-import` reads: one process, however many files. It wants a ref for a commit; this one is never made. */
function formatImport({ parent, files, message, author, at }: CommitDraft, none: string): Buffer {
  const ref = `refs/heads/trainyard-draft-${randomUUID()}`;
  const person = personLine(author, at);
  const text = message.endsWith("\n") ? message : `${message}\n`;
  return Buffer.concat([
    Buffer.from(`commit ${ref}\nmark :1\nauthor ${person}\ncommitter ${person}\n`),
    ...data(text),
    Buffer.from(parent === undefined ? "" : `from ${parent}\n`),
    ...[...files].flatMap(([path, content]) => [Buffer.from(`M 100644 inline ${quote(path)}\n`), ...data(content)]),
    Buffer.from(`get-mark :1\nreset ${ref}\nfrom ${none}\n\ndone\n`),
  ]);
}

/** 40 digits, or 64 in a repository of SHA-256. */
async function idLength(git: Git): Promise<number> {
  return (await git.ask(["rev-parse", "--show-object-format"])) === "sha256" ? 64 : 40;
}

function data(content: string | Uint8Array): Buffer[] {
  const bytes = Buffer.from(content);
  return [Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from("\n")];
}

const quote = (path: string): string => `"${path.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** attacker-controlled: paths may come from names in a config. */
function refuseOddPath(path: string): void {
  if (!isRepositoryPath(path)) {
    throw new ServiceError("refused", `Cannot commit a file at "${path}": it is no path inside a repository`);
  }
}
