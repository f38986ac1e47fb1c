import { existsSync } from "node:fs";
import { draftExpectations } from "#core/expect/draft-expectations.ts";
import { writeDraft } from "#core/expect/write-draft.ts";
import { formatUnits } from "#core/message/format.ts";
import { readFacts } from "#data/expect/read-facts.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";
import { writeOutput } from "#cli/data/write-output.ts";

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
  if (existsSync(options.out))
    throw new ExitError(2, `Cannot write "${options.out}": it is there already: choose another name`);
  await writeOutput("--out", options.out, text);
  process.stderr.write(
    `${drafts.length} ${drafts.length === 1 ? "entry" : "entries"} drafted from ${formatUnits(facts.rows, "row")}: "${options.out}"\n`,
  );
}
