import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { digest } from "#core/canonical.ts";
import type { ServedModel, ServeEvent } from "#serve/model-source.ts";
import type { ModelServer } from "#serve/serve-model.ts";
import { Client, start } from "./client.ts";
import { graph, looping, model, node, scaling, served, value } from "./onnx-fixture.ts";

let running: ModelServer | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function serve(...how: Parameters<typeof start>): Promise<{ server: ModelServer; client: Client }> {
  const server = await start(...how);
  running = server;
  return { server, client: new Client(server) };
}

describe("serveModel() follows its source", () => {
  it("swaps to a new version with no request lost, and back", async () => {
    let current = served(scaling(2));
    const events: ServeEvent[] = [];
    const { server, client } = await serve(() => Promise.resolve(current), {
      pollMs: 20,
      onEvent: (event) => events.push(event),
    });
    const answers: unknown[] = [];
    const ask = async () => {
      const [status, body] = await client.infer([1, 1]);
      answers.push(status === 200 ? `${JSON.stringify(body)}` : body);
    };
    let asking = true;
    const asker = (async () => {
      while (asking) await Promise.all([ask(), ask(), ask()]);
    })();
    for (const next of [served(scaling(3), { version: "v1.1.0" }), served(scaling(2))]) {
      current = next;
      while (server.serving()?.version !== next.version) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    asking = false;
    await asker;
    expect(events.map((event) => event.message.replace(/ \(.*/, ""))).toEqual([
      'Serving "churn" v1.0.0',
      'Serving "churn" v1.1.0',
      'Serving "churn" v1.0.0',
    ]);
    const kinds = new Set(
      answers.map(
        (answer) =>
          /"model_version":"(v[0-9.]+)".*"data":\[([0-9]),/.exec(String(answer))?.slice(1).join(" → ") ?? answer,
      ),
    );
    expect(kinds).toEqual(new Set(["v1.0.0 → 2", "v1.1.0 → 3"]));
  });

  it.for([
    {
      what: "other bytes than it names",
      next: served(scaling(3), { version: "v1.1.0", sha256: digest("other") }),
      says: /v1\.1\.0: its bytes hash to .* v1\.0\.0 goes on serving/,
    },
    {
      what: "no model",
      next: served(new Uint8Array([1, 2, 3]), { version: "v1.1.0" }),
      says: /v1\.1\.0: "model\.onnx" is no ONNX file \(.*\), and only ONNX is served for now: let "train" write .*; v1\.0\.0 goes/,
    },
    {
      what: "a model that the runtime refuses",
      next: served(
        model(
          graph(
            7,
            node("NoSuchOperator", ["x"], ["y"]),
            value(11, "x", "float32", [1]),
            value(12, "y", "float32", [1]),
          ),
        ),
        { version: "v1.1.0" },
      ),
      says: /v1\.1\.0: ONNX Runtime says: .*NoSuchOperator.*; v1\.0\.0 goes on serving/,
    },
  ])("keeps the old version where the new one has $what, and says so once", async ({ next, says }) => {
    let current = served(scaling(2));
    let fetched = 0;
    const events: ServeEvent[] = [];
    const { server, client } = await serve(() => Promise.resolve(current), { onEvent: (event) => events.push(event) });
    current = { ...next, file: () => ((fetched += 1), next.file()) };
    await server.look();
    await server.look();
    expect(events.map((event) => event.kind)).toEqual(["serving", "refused"]);
    expect(events[1]?.message).toMatch(says);
    expect(fetched).toBe(1);
    expect(await client.infer([1, 2])).toMatchObject([200, { model_version: "v1.0.0" }]);
    current = served(scaling(4), { version: "v1.2.0" });
    await server.look();
    expect(await client.infer([1, 2])).toMatchObject([200, { model_version: "v1.2.0", outputs: [{ data: [4, 8] }] }]);
  });

  it("serves on while the source cannot be reached, and while bytes cannot be fetched", async () => {
    let current: () => Promise<ServedModel | undefined> = () => Promise.resolve(served(scaling(2)));
    const events: ServeEvent[] = [];
    const { server, client } = await serve(() => current(), { onEvent: (event) => events.push(event) });
    current = () => Promise.reject(new Error("no network"));
    await server.look();
    current = () =>
      Promise.resolve(served(scaling(3), { version: "v1.1.0", file: () => Promise.reject(new Error("gone")) }));
    await server.look();
    expect(events.map((event) => event.message).slice(1)).toEqual([
      "Cannot see what to serve: no network",
      "Cannot see what to serve: gone",
    ]);
    expect(await client.infer([1, 2])).toMatchObject([200, { model_version: "v1.0.0" }]);
    current = () => Promise.resolve(served(scaling(3), { version: "v1.1.0" }));
    await server.look();
    expect(server.serving()?.version).toBe("v1.1.0");
  });

  it("takes the same bytes under a new version without loading them again", async () => {
    let current = served(scaling(2));
    const { server, client } = await serve(() => Promise.resolve(current));
    current = { ...current, version: "v1.1.0", file: () => Promise.reject(new Error("not needed")) };
    await server.look();
    expect(await client.infer([1, 2])).toMatchObject([200, { model_version: "v1.1.0" }]);
  });

  it("is live but not ready while there is nothing to serve", async () => {
    let current: ServedModel | undefined;
    const events: ServeEvent[] = [];
    const { server, client } = await serve(() => Promise.resolve(current), { onEvent: (event) => events.push(event) });
    expect(await client.get("/v2/health/live")).toMatchObject([200, {}]);
    expect(await client.get("/v2/health/ready")).toEqual([503, { error: "No model is ready" }]);
    expect(await client.infer([1, 2])).toEqual([503, { error: 'No version of "churn" is ready' }]);
    expect(await client.get("/v2/models/chrun")).toEqual([
      404,
      { error: 'There is no model "chrun" here: "churn" is served' },
    ]);
    current = served(scaling(2));
    await server.look();
    expect(await client.get("/v2/health/ready")).toMatchObject([200, {}]);
    current = undefined;
    await server.look();
    expect(await client.get("/v2/models/churn/ready")).toEqual([503, { error: 'No version of "churn" is ready' }]);
    expect(events.map((event) => event.kind)).toEqual(["gone", "serving", "gone"]);
  });

  it("ends a model that hangs, and goes on with those that wait", async () => {
    const { client } = await serve(served(looping()), { limits: { runTimeoutMs: 700 } });
    const times = (count: number) =>
      client.post("/v2/models/churn/infer", {
        inputs: [{ name: "times", shape: [], datatype: "INT64", data: [count] }],
      });
    const [hanging, waiting] = await Promise.all([times(2e9), times(3)]);
    expect(hanging).toEqual([504, { error: "The model did not answer within 700 ms" }]);
    expect(waiting).toMatchObject([200, { outputs: [{ data: [3] }] }]);
  });

  it("says in one sentence that a port is taken", async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, "127.0.0.1", () => {
        const address = taken.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    await expect(start(undefined, { port })).rejects.toThrow(
      `Cannot listen on "127.0.0.1:${port}": the port is taken. Stop what listens there, or choose another one with "--port"`,
    );
    taken.close();
  });
});
