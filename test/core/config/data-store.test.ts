import { describe, expect, it } from "vitest";
import { parseConfig, parseStore } from "#core/config/parse.ts";
import { listProblems } from "./list-problems.ts";

const withData = (data: string, inputs = "{ data: [a.csv] }"): string => `version: 1
data: ${data}
models:
  m:
    inputs: ${inputs}
    train: { run: x, model: m.onnx }
    predict: { run: y }
    evaluate: { holdout: h.csv, task: binary, label: l, score: p }
`;

describe("the store in the config", () => {
  it.for([
    ["{ store: gs://bucket/x }", /2:16 data\.store: "gs:\/\/" is not spoken here: .*fetch: \{ run: dvc pull \}/],
    ["{ store: releases, region: eu }", /2:26 data\.region: only a bucket has one/],
    ["{ store: s3://data, endpoint: https://me:pw@host }", /the endpoint holds a password/],
    ["{ stroe: releases }", /did you mean "store"/],
  ] as const)("says of %s what is wrong", ([data, problem]) => {
    expect(listProblems(withData(data)).join("\n")).toMatch(problem);
  });

  it("is there with all that a bucket needs; mounts are inputs by their manifests", () => {
    const inputs = "{ data: [a.csv, { mount: /mnt/x, manifest: data/x.jsonl }] }";
    const parsed = parseConfig(withData("{ store: s3://data/a, region: eu, path-style: false }", inputs));
    if (parsed.kind !== "config") throw new Error(parsed.problems[0]?.message);
    expect(parsed.config.store).toEqual({ kind: "s3", bucket: "data", prefix: "a", region: "eu", pathStyle: false });
    const [model] = parsed.config.models.values();
    expect(model?.inputs?.data).toEqual(["a.csv", "data/x.jsonl"]);
    expect(model?.mounts).toEqual([{ mount: "/mnt/x", manifest: "data/x.jsonl" }]);
  });

  it("is read before there is a model, and next to mistakes in one", () => {
    expect(parseStore("data: { store: ../store }\n")).toEqual({ kind: "folder", path: "../store" });
    expect(parseStore("models: { m: 5 }\ndata: { store: releases }\n")).toEqual({ kind: "releases" });
    for (const text of ["", "models: {}", "data: 5", "data: { region: eu }", "data: {", "- data"])
      expect(parseStore(text)).toBeUndefined();
  });

  it("wants one file as a manifest", () => {
    const inputs = "{ data: [{ mount: /mnt/x, manifest: data/*.jsonl }] }";
    expect(listProblems(withData("{ store: releases }", inputs)).join()).toMatch(/is no path of a manifest/);
  });
});
