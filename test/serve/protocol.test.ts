import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ModelServer } from "#serve/serve-model.ts";
import { type Answer, Client, start } from "./client.ts";
import { graph, model, node, scaling, served, tensor, type Type, value } from "./onnx-fixture.ts";

/** One input of each type, each given back as it is; c + 2^53 as well, and the root of a. */
const inputs: readonly (readonly [string, Type, string])[] = [
  ["a", "float64", "FP64"],
  ["b", "int32", "INT32"],
  ["c", "int64", "INT64"],
  ["d", "uint8", "UINT8"],
  ["e", "bool", "BOOL"],
  ["f", "string", "BYTES"],
];
const empty = inputs.map(([name, , datatype]) => ({ name, datatype, shape: [0], data: [] as unknown[] }));
const kinds = model(
  graph(
    7,
    ...inputs.map(([name]) => node("Identity", [name], [`${name}-out`])),
    node("Add", ["c", "big"], ["sum"]),
    node("Sqrt", ["a"], ["root"]),
    tensor(5, "big", "int64", [1], new BigInt64Array([2n ** 53n])),
    ...inputs.map(([name, type]) => value(11, name, type, [null])),
    ...inputs.map(([name, type]) => value(12, `${name}-out`, type, [null])),
    value(12, "sum", "int64", [null]),
    value(12, "root", "float64", [null]),
  ),
);

let servers: ModelServer[] = [];
let clients: { churn: Client; kinds: Client };
beforeAll(async () => {
  const [churn, others] = await Promise.all([start(served(scaling(2))), start(served(kinds, { name: "kinds" }))]);
  servers = [churn, others];
  clients = { churn: new Client(churn), kinds: new Client(others) };
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

describe("serveModel()", () => {
  it("speaks the Open Inference Protocol: server, health, metadata, ready", async () => {
    expect(await clients.churn.get("/v2")).toEqual([200, { name: "trainyard", version: "2", extensions: [] }]);
    expect(await clients.churn.get("/v2/health/live")).toEqual([200, { live: true }]);
    expect(await clients.churn.get("/v2/health/ready")).toEqual([200, { ready: true, live: true }]);
    const metadata = {
      name: "churn",
      versions: ["v1.0.0"],
      platform: "onnx_onnxv1",
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
      outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
    };
    expect(await clients.churn.get("/v2/models/churn")).toEqual([200, metadata]);
    expect(await clients.churn.get("/v2/models/churn/versions/v1.0.0")).toEqual([200, metadata]);
    expect(await clients.churn.get("/v2/models/churn/ready")).toEqual([200, { name: "churn", ready: true }]);
  });

  it.for([
    { how: "flat", data: [1, 2, 3, 4] },
    {
      how: "nested",
      data: [
        [1, 2],
        [3, 4],
      ],
    },
  ])("answers $how data", async ({ data }) => {
    const request = {
      id: "a",
      inputs: [{ name: "x", shape: [2, 2], datatype: "FP32", data }],
      outputs: [{ name: "y" }],
    };
    const answer = {
      model_name: "churn",
      model_version: "v1.0.0",
      id: "a",
      outputs: [{ name: "y", shape: [2, 2], datatype: "FP32", data: [2, 4, 6, 8] }],
    };
    expect(await clients.churn.post("/v2/models/churn/infer", request)).toEqual([200, answer]);
    expect(
      await clients.churn.post("/v2/models/churn/versions/v1.0.0/infer", request, {
        "content-type": "application/octet-stream",
      }),
    ).toEqual([200, answer]);
  });

  it.for([
    { name: "a", datatype: "FP64", data: [0.1, -1e300] },
    { name: "b", datatype: "INT32", data: [-(2 ** 31), 7] },
    { name: "c", datatype: "INT64", data: [2 ** 53 - 1, -5] },
    { name: "d", datatype: "UINT8", data: [0, 255] },
    { name: "e", datatype: "BOOL", data: [true, false] },
    { name: "f", datatype: "BYTES", data: ["a", "ü"] },
  ])("answers $datatype, of any size", async ({ name, datatype, data }) => {
    const { kinds } = clients;
    const inputs = empty.map((input) => (input.name === name ? { ...input, shape: [2], data } : input));
    const answer = [{ name: `${name}-out`, shape: [2], datatype, data }];
    expect(await kinds.post("/v2/models/kinds/infer", { inputs, outputs: [{ name: `${name}-out` }] })).toMatchObject([
      200,
      { outputs: answer },
    ]);
  });

  it("describes a dimension without a name as −1", async () => {
    expect(await clients.kinds.get("/v2/models/kinds")).toMatchObject([
      200,
      { inputs: empty.map(({ name, datatype }) => ({ name, datatype, shape: [-1] })) },
    ]);
  });

  it("says what is wrong with a request, as the protocol wants it", async () => {
    const cases: [Promise<Answer>, number, RegExp][] = [
      [clients.churn.post("/v2/models/churn/infer", "{"), 400, /no JSON/],
      [clients.churn.post("/v2/models/churn/infer", "null"), 400, /not as the protocol has it/],
      [clients.churn.post("/v2/models/churn/infer", {}), 400, /inputs/],
      [clients.churn.post("/v2/models/churn/infer", { inputs: [] }), 400, /lacks the input "x"/],
      [clients.churn.infer([1, 2], { name: "z" }), 400, /no input "z": it takes "x"/],
      [clients.churn.infer([1, 2], { datatype: "FP64" }), 400, /sent as "FP64", the model takes "FP32"/],
      [clients.churn.infer([1, 2, 3]), 400, /has 3 elements, its shape \[1, 2\] holds 2/],
      [clients.churn.infer([1, 2, 3], { shape: [1, 3] }), 400, /has the shape \[1, 3\], the model takes \[-1, 2\]/],
      [clients.churn.infer([1, 2], { shape: [2] }), 400, /has the shape/],
      [clients.churn.infer([[1], [2]]), 400, /nested data/],
      [clients.churn.infer([[1, 2], 3], { shape: [2, 2] }), 400, /3 stands where an array of 2/],
      [clients.churn.infer([1, "2"]), 400, /Element 1 of the input "x" is "2": it must be a finite number/],
      [clients.churn.infer([1, 1e300]), 400, /fits FP32/],
      [clients.churn.infer([1, null]), 400, /is null/],
      [clients.churn.infer("12"), 400, /must be an array/],
      [
        clients.churn.post(
          "/v2/models/churn/infer",
          '{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,1e999]}]}',
        ),
        400,
        /Infinity/,
      ],
      [
        clients.churn.post("/v2/models/churn/infer", {
          inputs: [{ name: "x", shape: [1, 2], datatype: "FP32", data: [1, 2] }],
          outputs: [{ name: "z" }],
        }),
        400,
        /no output "z": it has "y"/,
      ],
      [
        clients.churn.post("/v2/models/churn/infer", "{}\0\0", { "inference-header-content-length": "2" }),
        400,
        /binary_data=False/,
      ],
      [clients.churn.post("/v2/models/other/infer", {}), 404, /no model "other"/],
      [clients.churn.get("/v2/models/churn/versions/v9.0.0"), 404, /"v9.0.0" of "churn" is not served: "v1.0.0" is/],
      [clients.churn.get("/nothing"), 404, /nothing at GET \/nothing/],
      [clients.churn.get("/v2/models/%ff"), 400, /./],
    ];
    for (const [answer, status, says] of cases)
      expect(await answer).toEqual([status, { error: expect.stringMatching(says) }]);
  });

  it("refuses whole numbers that JSON rounds, both ways", async () => {
    const ask = (data: unknown) =>
      clients.kinds.post("/v2/models/kinds/infer", {
        inputs: empty.map((input) => (input.name === "c" ? { ...input, shape: [1], data } : input)),
        outputs: [{ name: "sum" }],
      });
    expect(await ask([2 ** 53])).toEqual([400, { error: expect.stringMatching(/2\^53/) }]);
    expect(await ask([0.5])).toEqual([400, { error: expect.stringMatching(/whole number/) }]);
    expect(await ask([1])).toEqual([500, { error: expect.stringMatching(/output "sum" is beyond 2\^53/) }]);
    expect(await ask([-1])).toMatchObject([200, { outputs: [{ data: [2 ** 53 - 1] }] }]);
  });

  it("answers 500 where the model answers NaN", async () => {
    const inputs = empty.map((input) => (input.name === "a" ? { ...input, shape: [1], data: [-1] } : input));
    const error = 'Element 0 of the output "root" is NaN, which JSON cannot say';
    expect(await clients.kinds.post("/v2/models/kinds/infer", { inputs })).toEqual([500, { error }]);
  });

  it("counts answers by model, version and code", async () => {
    const count = async (code: number) => {
      const text = await (await fetch(`${clients.churn.url}/metrics`)).text();
      const labels = `model="churn",version="v1.0.0",code="${code}"`;
      return Number(text.split(`trainyard_inference_seconds_count{${labels}} `)[1]?.split("\n")[0] ?? 0);
    };
    const before = [await count(200), await count(400)];
    await clients.churn.infer([1, 2]);
    await clients.churn.infer([1]);
    expect([await count(200), await count(400)]).toEqual(before.map((number) => number + 1));
  });
});
