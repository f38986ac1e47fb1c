import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const module = JSON.stringify(join(import.meta.dirname, "..", "..", "actions", "say.ts"));

async function print(script: string): Promise<readonly string[]> {
  const text = `const { say, quoteOutput, speakForUs } = await import(${module});\n${script}`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", text]);
  return stdout.trimEnd().split("\n");
}

it.for<[text: string, shown: string]>([
  ["loss 0.1", "loss 0.1"],
  ["::set-output name=green::true", ": :set-output name=green::true"],
  ["  ::error::no", "  : :error::no"],
  ["a\n::error::no\r\n::notice::no", "a ::error::no ::notice::no"],
  ["so ##[set-output name=green]true", "so ## [set-output name=green]true"],
  ["std::vector", "std::vector"],
])("say(%j) prints a line without a command", async ([text, shown]) => {
  expect(await print(`say(${JSON.stringify(text)});`)).toEqual([shown]);
});

it("quoteOutput() and speakForUs() let the runner obey us and nobody else, by words that nobody can know", async () => {
  const lines = await print(`
    const print = async (line) => console.log(line);
    await quoteOutput(async () => {
      await print("theirs");
      await speakForUs(() => print("ours"));
      await print("theirs");
    });
    await speakForUs(() => print("ours"));
    await quoteOutput(() => Promise.reject(new Error())).catch(() => undefined);`);
  const words = lines.flatMap((line) => /^::stop-commands::([0-9a-f-]{36})$/.exec(line)?.[1] ?? []);
  expect(new Set(words).size).toBe(3);
  expect(lines.map((line) => words.reduce((text, word, at) => text.replace(word, `word ${at + 1}`), line))).toEqual([
    "::stop-commands::word 1",
    "theirs",
    "::word 1::",
    "ours",
    "::stop-commands::word 2",
    "theirs",
    "::word 2::",
    "ours",
    "::stop-commands::word 3",
    "::word 3::",
  ]);
});
