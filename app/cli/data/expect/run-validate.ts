import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { configPath, type ConfigProblem, type Expectation } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";
import type { ExpectationOutcome } from "#core/evidence.ts";
import { isBlocking } from "#core/expect/judge-expectation.ts";
import { sayShare } from "#core/expect/name-expectation.ts";
import { parseExpectationList } from "#core/expect/parse-list.ts";
import { plainLine } from "#core/message/escape.ts";
import { formatUnits } from "#core/message/format.ts";
import type { DataFile } from "#data/data-file.ts";
import { checkExpectations } from "#data/expect/check-expectations.ts";
import { leaveIfStuck } from "#data/open-duckdb.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";
import { refuseAbsentName } from "#cli/data/stored/find-pointed.ts";

export type ValidateOptions = { model?: string; expect?: string; json?: boolean };

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
      expectations: outcomes,
    };
    process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
  } else process.stdout.write(sayOutcomes(outcomes));
  if (outcomes.some(({ kind }) => kind === "error")) {
    leaveIfStuck(2);
  }
  if (verdict !== "pass")
    throw new ExitError(verdict === "fail" ? 1 : 2, sayVerdict(outcomes), { said: options.json === true });
}

async function readExpected({ model, expect: file }: ValidateOptions): Promise<Expected> {
  if (file !== undefined) {
    if (model !== undefined)
      throw new ExitError(2, 'Cannot use "--model" and "--expect" at once: the expectations are those of one of them');
    const parsed = parseExpectationList(await readText(file));
    if (parsed.kind === "problems") throw sayProblems(file, parsed.problems);
    return { from: `"${file}"`, root: ".", expectations: parsed.expectations };
  }
  const root = findRoot();
  const parsed = parseConfig(await readText(join(root, configPath)));
  if (parsed.kind === "problems") throw sayProblems(configPath, parsed.problems);
  const { models } = parsed.config;
  const all = [...models.keys()].join(", ");
  const chosen = model === undefined ? (models.size === 1 ? [...models.values()][0] : undefined) : find(models, model);
  if (chosen === undefined)
    throw new ExitError(
      2,
      model === undefined
        ? `Which model's expectations? Say --model: the config has ${all}`
        : `Cannot find the model "${model}" in "${configPath}": it has ${all}`,
    );
  return { from: `"models.${chosen.name}.expect" of "${configPath}"`, root, expectations: chosen.expect };
}

const find = <T>(models: ReadonlyMap<string, T>, name: string): T | undefined => models.get(name);

/** In a folder of a repository the config is its repository's. */
function findRoot(): string {
  for (let folder = resolve("."); ; folder = dirname(folder)) {
    if (existsSync(join(folder, configPath))) return folder;
    if (folder === dirname(folder))
      throw new ExitError(
        2,
        `Cannot find "${configPath}" here or above: run this in the repository, or say --expect FILE`,
      );
  }
}

async function readText(file: string): Promise<string> {
  return await readFile(file, "utf8").catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(cause);
    throw new ExitError(2, `Cannot read "${file}": ${why}`);
  });
}

function sayProblems(file: string, problems: readonly ConfigProblem[]): ExitError {
  const lines = problems.map(
    ({ line, column, path, message }) => `${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}`,
  );
  return new ExitError(2, `${formatUnits(problems.length, "mistake")} in "${file}"\n${lines.join("\n")}`);
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

function sayOutcomes(outcomes: readonly ExpectationOutcome[]): string {
  // one broken file or one renamed column is one error, whatever was expected of it
  const errors = Map.groupBy(
    outcomes.filter(({ kind }) => kind === "error"),
    ({ because }) => because,
  );
  let text = "";
  for (const outcome of outcomes) {
    const { kind, level, expectation, because } = outcome;
    const mark = kind !== "pass" && level === "warn" ? "warn " : kind.padEnd(5);
    const same = errors.get(because) ?? [];
    if (kind === "error" && same[0] !== outcome) continue;
    const about = kind === "error" && same.length === 1 ? `${expectation}: ` : "";
    text += `${mark} ${plainLine(`${about}${because}`, 2_000)}\n`;
    if (outcome.kind !== "pass") for (const line of sayDetails(outcome)) text += `        ${plainLine(line, 300)}\n`;
  }
  return text;
}

function sayDetails({ examples, values, of }: ExpectationOutcome): readonly string[] {
  const often = (values ?? []).filter(({ count }) => count > 1);
  const list = often.map(({ value, count }) => `${value} × ${count}${of === null ? "" : ` (${sayShare(count / of)})`}`);
  return [...(often.length === 0 ? [] : [`values: ${list.join(", ")}`]), ...examples.slice(1)];
}

function sayVerdict(outcomes: readonly ExpectationOutcome[]): string {
  const blocking = outcomes.filter(isBlocking);
  const broken = blocking.filter(({ kind }) => kind === "error").length;
  const failing = blocking.length - broken;
  const of = ` of ${formatUnits(outcomes.length, "expectation")}`;
  return broken > 0
    ? `${broken}${of} could not be checked${failing === 0 ? "" : `, and ${failing} ${failing === 1 ? "fails" : "fail"}`}`
    : `${failing}${of} ${failing === 1 ? "fails" : "fail"}`;
}
