import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AnswersLog } from "#serve/answers-log.ts";
import { Client, start } from "./client.ts";
import { scaling, served } from "./onnx-fixture.ts";

let folder = "";
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "answers-"))));
afterAll(async () => await rm(folder, { recursive: true }));

it("logs a line for each answered row, and nothing for what was refused", async () => {
  const file = join(folder, "log.ndjson");
  await writeFile(file, '{"id":"earlier"}\n');
  const log = new AnswersLog(file, () => expect.unreachable());
  const server = await start(served(scaling(2)), { log });
  const client = new Client(server);
  const ask = async (more: object, data: number[]): Promise<number> => {
    const inputs = [{ name: "x", shape: [data.length / 2, 2], datatype: "FP32", data }];
    const [status] = await client.post("/v2/models/churn/infer", { ...more, inputs });
    return status;
  };
  expect(await ask({ id: "a" }, [1, 2])).toBe(200);
  expect(await ask({ id: "b" }, [1, 2, 3, 4])).toBe(200);
  expect(await ask({ parameters: { ids: ["c1", 7] } }, [5, 6, 7, 8])).toBe(200);
  expect(await ask({}, [9, 9])).toBe(200);
  expect(await ask({ id: "refused" }, [1])).toBe(400);
  await server.close();
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n").slice(1);
  const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map(({ id }) => id)).toEqual(["a", "b/0", "b/1", "c1", "7", null]);
  expect(rows[2]).toMatchObject({ version: "v1.0.0", "x.0": 3, "x.1": 4, "y.0": 6, "y.1": 8 });
  expect(rows[2]?.["at"]).toMatch(/^\d{4}-\d\d-\d\dT/);
});

it("a log that cannot be written keeps no answer from its client, and says so once", async () => {
  const said: string[] = [];
  const log = new AnswersLog(join(folder, "missing", "log.ndjson"), (message) => said.push(message));
  const server = await start(served(scaling(2)), { log });
  const inputs = [{ name: "x", shape: [1, 2], datatype: "FP32", data: [1, 2] }];
  for (let round = 0; round < 3; round++)
    expect((await new Client(server).post("/v2/models/churn/infer", { inputs }))[0]).toBe(200);
  await server.close();
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^Answers are no longer logged to ".*log\.ndjson": ENOENT/);
});
