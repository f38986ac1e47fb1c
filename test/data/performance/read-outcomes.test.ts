import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tellPerformance } from "#cli/data/tell-performance.ts";
import { readOutcomes } from "#data/performance/read-outcomes.ts";
import type { DataFile } from "#data/data-file.ts";

const columns = { id: "customer", score: "p", label: "churned" };
let folder = "";
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "outcomes-"))));
afterAll(async () => await rm(folder, { recursive: true }));

async function file(shown: string, text: string): Promise<DataFile> {
  const path = join(folder, shown);
  await writeFile(path, text);
  return { path, shown };
}

it("labels that belong to no answer at all are no answer of the command", async () => {
  const [answers, truth] = [
    await file("c.csv", "customer,p\n1,0.5\n"),
    await file("d.csv", "customer,churned\nC-1,1\n"),
  ];
  const options = { ...columns, predictions: [answers.path], labels: [truth.path], metrics: ["auc"] };
  await expect(tellPerformance({ ...options, id: "customer", score: "p", label: "churned" })).rejects.toMatchObject({
    code: 2,
    message:
      'None of the 1 label of --labels belongs to an answer: the id of a label is like "C-1", that of an answer like "1"; give the labels of these answers, with ids written alike',
  });
});

describe("answers and what came true", () => {
  it("are joined by id, late labels wait, the last answer counts", async () => {
    const first = await file("a.csv", "customer,p\n1,0.1\n2,0.2\n3,0.3\n");
    const second = await file("b.csv", "customer,p,at\n2,0.25,late\n4,0.4,late\n");
    const truth = await file("truth.csv", "customer,churned\n1.0,0\n2,true\n3,\n9,1\n");
    const found = await readOutcomes([first, second], [truth], columns);
    expect(found.labelled).toEqual({ scores: Float64Array.of(0.1, 0.25), labels: Uint8Array.of(0, 1) });
    expect(found.waiting).toEqual(Float64Array.of(0.3, 0.4));
    expect([found.orphans, found.replaced]).toEqual([1, 1]);
    expect(found.unmatched).toEqual({ label: "9", answer: "1" });
    const none = await readOutcomes([first], [], columns);
    expect([none.labelled.scores.length, none.waiting.length]).toEqual([0, 3]);
  });

  it.each([
    ["customer,p\n1,high\n", "customer,churned\n1,1\n", 'row 1: the score "p" is no finite number but "high"'],
    ["customer,p\n1,inf\n", "customer,churned\n1,1\n", 'the score "p" is no finite number but "inf"'],
    ["customer,p\n,0.5\n", "customer,churned\n1,1\n", 'the id "customer" is empty'],
    ["customer,p\n1,0.5\n", "customer,churned\n1,maybe\n", 'row 1: the label "churned" must be 0 or 1'],
    ["customer,p\n1,0.5\n", "customer,churned\n1,0\n1,1\n", "The labels contradict each other: 1 id has both"],
    ["customer,score\n1,0.5\n", "customer,churned\n1,0\n", 'Column "p" of "score" is not in "x.csv"'],
    ["customer,p\n1,0.5\n", "id,churned\n1,0\n", 'Column "customer" of "id" is not in "y.csv"'],
  ])("one clear error: %j with %j", async (answers, truth, message) => {
    const files = [await file("x.csv", answers), await file("y.csv", truth)] as const;
    await expect(readOutcomes([files[0]], [files[1]], columns)).rejects.toThrow(message);
  });
});
