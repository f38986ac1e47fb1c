import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { createUtf8Check } from "#data/table/check-utf8.ts";
import { findLines } from "#data/table/find-lines.ts";
import { scanCsv } from "#data/table/scan-csv.ts";
import { temporaryFolder } from "../files.ts";

const folder = temporaryFolder();

it.for<[what: string, name: string, text: string, lines: number[]]>([
  ["plain lines", "p.csv", "a,b\n1,2\n3,4\n", [2, 3]],
  ["no end of the last", "e.csv", "a,b\n1,2\n3,4", [2, 3]],
  ["line ends inside quotes", "q.csv", 'a,b\n"x\n\ny",2\n3,"4\n"\n5,6\n', [2, 5, 7]],
  ["doubled quotes", "d.csv", 'a,b\n"x""\n""y",2\n3,4\n', [2, 4]],
  ["CR LF", "r.csv", 'a,b\r\n"x\r\ny",2\r\n3,4\r\n', [2, 4]],
  ["blank lines between", "b.csv", "a,b\n\n1,2\n\n\n3,4\n", [3, 6]],
  ["blank lines that are cells", "c.csv", "a\n1\n\n3\n", [2, 3, 4]],
  ["a header of two lines", "h.csv", '"a\nb",c\n1,2\n', [3]],
  ["NDJSON", "n.ndjson", '{"a":1}\n\n{"a":2}\n', [1, 3]],
])("findLines() counts the lines of a file with %s", async ([, name, text, lines]) => {
  const rows = lines.map((_, index) => index + 1);
  const wanted = new Map(lines.map((line, index) => [index + 1, line]));
  expect(await findLines(folder.write(name, text), rows)).toEqual(wanted);
  expect(await findLines(folder.write(`${name}.gz`, gzipSync(text)), rows)).toEqual(wanted);
});

it("findLines() finds as many records as scanCsv() counts, whatever stands in the cells", async () => {
  const cells = ["1", '"a\nb"', '"""\n"', "", '"\r\n"', "x y"];
  for (let seed = 1; seed <= 20; seed++) {
    const rows = Array.from({ length: 30 }, (_, row) =>
      [0, 1].map((at) => cells[(seed * 7 + row * 3 + at * seed) % 6]),
    );
    const file = folder.write(
      `s${seed}.csv`,
      `a,b\n${rows.map((row) => row.join(",")).join(seed % 2 === 0 ? "\n" : "\n\n")}`,
    );
    const { records } = await scanCsv(file, false);
    const found = await findLines(file, [records, records + 1]);
    expect([...found.keys()]).toEqual([records]);
  }
});

it("createUtf8Check() takes characters that are cut between chunks, and names the byte that begins none", () => {
  const text = Buffer.from("aé€😀".repeat(40));
  for (const size of [1, 2, 3, 5, 7]) {
    const check = createUtf8Check("x.csv");
    for (let at = 0; at < text.length; at += size) check(text.subarray(at, at + size));
  }
  const check = createUtf8Check("x.csv");
  check(text);
  expect(() => check(Buffer.from([0x41, 0xe9, 0x41, 0x41]))).toThrow(`byte ${text.length + 2} is 0xE9`);
});
