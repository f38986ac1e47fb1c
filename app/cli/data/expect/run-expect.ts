import { writeFile } from "node:fs/promises";
import { draftExpectations } from "#core/expect/draft-expectations.ts";
import { writeDraft } from "#core/expect/write-draft.ts";
import { readFacts } from "#data/expect/read-facts.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";

export type ExpectOptions = { out?: string; json?: boolean };

/** Drafts expectations and prints or writes them. Throws an ExitError (2), and never writes over a file. */
export async function runExpect(names: readonly string[], options: ExpectOptions): Promise<void> {
  const files = await findFiles(names, "FILES");
  const facts = await readFacts(files);
  const drafts = draftExpectations(facts, Date.now());
  const text =
    options.json === true
      ? `${JSON.stringify({ schema: "trainyard/draft/1", files: files.map(({ shown }) => shown), rows: facts.rows, drafts }, null, 2)}\n`
      : writeDraft(drafts);
  if (options.out === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(options.out, text, { flag: "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const why = code === "EEXIST" ? "it is there already: choose another name" : String(error);
    throw new ExitError(2, `Cannot write "${options.out}": ${why}`);
  }
  process.stderr.write(`${drafts.length} expectations drafted from ${facts.rows} rows: "${options.out}"\n`);
}
