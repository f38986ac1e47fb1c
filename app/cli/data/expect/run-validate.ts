import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { configPath, type Expectation } from "#core/config/config.ts";
import { isBlocking } from "#core/expect/judge-expectation.ts";
import { parseExpectationList } from "#core/expect/parse-list.ts";
import type { DataFile } from "#data/data-file.ts";
import { checkExpectations } from "#data/expect/check-expectations.ts";
import { leaveIfStuck } from "#data/open-duckdb.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";
import { readModel, sayProblems } from "#cli/data/read-model.ts";
import { refuseAbsentName } from "#cli/data/stored/find-pointed.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { sayOutcomes } from "./say-outcomes.ts";

export type ValidateOptions = { model?: string; expect?: string; all?: boolean; json?: boolean };

type Expected = { from: string; root: string; expectations: readonly Expectation[] };

/** Checks the files and says what does not hold. Throws an ExitError for exit codes 1 and 2. */
export async function runValidate(names: readonly string[], options: ValidateOptions): Promise<void> {
  const files = await findFiles(names, "FILES");
  const { from, root, expectations } = await readExpected(options);
  if (expectations.length === 0)
    throw new ExitError(
      2,
      `Nothing is expected in ${from}: add expectations, or draft some with "trainyard data expect"`,
    );
  const outcomes = await checkExpectations(expectations, files, { references: findReferences(expectations, root) });
  const blocking = outcomes.filter(isBlocking);
  const verdict = blocking.some(({ kind }) => kind === "error") ? "error" : blocking.length > 0 ? "fail" : "pass";
  if (options.json === true) {
    const record = {
      schema: "trainyard/validation/1",
      verdict,
      files: files.map(({ shown }) => shown),
      expectations: expectations.flatMap((expected, index) => {
        const outcome = outcomes[index];
        return outcome === undefined ? [] : [describeOutcome(expected, outcome)];
      }),
    };
    process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
  } else process.stdout.write(sayOutcomes(outcomes, options.all === true));
  if (outcomes.some(({ kind }) => kind === "error")) {
    leaveIfStuck(2);
  }
  if (verdict !== "pass") throw new ExitError(verdict === "fail" ? 1 : 2, "", { said: true });
}

async function readExpected({ model, expect: file }: ValidateOptions): Promise<Expected> {
  if (file !== undefined) {
    if (model !== undefined)
      throw new ExitError(2, 'Cannot use "--model" and "--expect" at once: the expectations are those of one of them');
    const parsed = parseExpectationList(await readText(file));
    if (parsed.kind === "problems") throw sayProblems(file, parsed.problems);
    return { from: `"${file}"`, root: ".", expectations: parsed.expectations };
  }
  const { root, model: chosen } = await readModel(model, "or say --expect FILE");
  return { from: `"models.${chosen.name}.expect" of "${configPath}"`, root, expectations: chosen.expect };
}

async function readText(file: string): Promise<string> {
  return await readFile(file, "utf8").catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(cause);
    throw new ExitError(2, `Cannot read "${file}": ${why}`);
  });
}

/**
 * Only those that are there: what is missing is said by the expectation that needs it. Throws an ExitError (2) for data of a
 * pointer that waits to be pulled.
 */
function findReferences(expectations: readonly Expectation[], root: string): ReadonlyMap<string, DataFile> {
  const names = expectations.flatMap((one) => (one.kind === "references" ? [one.file] : []));
  for (const name of names)
    if (!existsSync(join(root, name))) refuseAbsentName(relative(".", join(root, name)), '"references"');
  return new Map(
    names
      .filter((name) => existsSync(join(root, name)))
      .map((name) => [name, { path: resolve(root, name), shown: name }]),
  );
}
