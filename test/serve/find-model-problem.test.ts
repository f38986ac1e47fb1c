import { describe, expect, it } from "vitest";
import { findModelProblem } from "#serve/onnx/find-model-problem.ts";
import { attribute, bytes, graph, looping, model, node, number, scaling, tensor, value } from "./onnx-fixture.ts";

const x = value(11, "x", "float32", [1]);
const external = (field: number) =>
  bytes(
    field,
    number(1, 1),
    number(2, 1),
    bytes(8, "w"),
    bytes(13, bytes(1, "location"), bytes(2, "../secret")),
    number(14, 1),
  );
const nested = (depth: number): Buffer =>
  depth === 0
    ? node("Identity", ["x"], ["y"])
    : node("If", ["c"], ["y"], attribute("then_branch", 5, graph(6, nested(depth - 1))));

describe("findModelProblem()", () => {
  it.for([
    { what: "one matrix product", bytes: scaling(2) },
    { what: "a loop", bytes: looping() },
    {
      what: "a function of its own",
      bytes: model(
        graph(7, node("Twice", ["x"], ["y"], bytes(7, "mine")), x),
        bytes(25, bytes(1, "Twice"), bytes(10, "mine")),
      ),
    },
    { what: "ai.onnx.ml", bytes: model(graph(7, node("Scaler", ["x"], ["y"], bytes(7, "ai.onnx.ml")), x)) },
  ])("finds none in $what", ({ bytes: file }) => {
    expect(findModelProblem(file)).toBeUndefined();
  });

  it.for([
    { what: "nothing", bytes: new Uint8Array(), says: /^no-onnx: it has no graph/ },
    { what: "a text", bytes: new Uint8Array(Buffer.from("PK not a model")), says: /^no-onnx/ },
    { what: "a model cut short", bytes: scaling(2).subarray(0, 60), says: /^no-onnx: a field runs over/ },
    { what: "a group", bytes: new Uint8Array([0x0b]), says: /wire type 3/ },
    {
      what: "a length without end",
      bytes: new Uint8Array([0x3a, ...Array<number>(11).fill(0xff)]),
      says: /more than 10 bytes/,
    },
    {
      what: "weights in another file",
      bytes: model(graph(7, node("Mul", ["x", "w"], ["y"]), external(5), x)),
      says: /other files/,
    },
    {
      what: "another file in an attribute",
      bytes: model(graph(7, node("Constant", [], ["y"], attribute("value", 4, external(5))), x)),
      says: /other files/,
    },
    {
      what: "another file in a branch",
      bytes: model(graph(7, node("If", ["c"], ["y"], attribute("then_branch", 5, graph(6, external(5)))), x)),
      says: /other files/,
    },
    { what: "another file in sparse weights", bytes: model(graph(7, bytes(15, external(1)), x)), says: /other files/ },
    {
      what: "another file in a function",
      bytes: model(
        graph(7, x),
        bytes(25, node("Constant", [], ["y"], attribute("value", 4, external(5))).fill(0x3a, 0, 1)),
      ),
      says: /other files/,
    },
    {
      what: "a foreign operator",
      bytes: model(graph(7, node("Evil", ["x"], ["y"], bytes(7, "com.evil")), x)),
      says: /domain "com.evil"/,
    },
    {
      what: "a foreign operator set",
      bytes: model(graph(7, x), bytes(8, bytes(1, "com.evil"), number(2, 1))),
      says: /domain "com.evil"/,
    },
    { what: "branches without end", bytes: model(graph(7, nested(40))), says: /nested deeper/ },
  ])("finds what is wrong with $what", ({ bytes: file, says }) => {
    const problem = findModelProblem(file);
    expect(`${problem?.kind}: ${problem?.because}`).toMatch(says);
  });

  it("reads 16 MB of weights in next to no time", () => {
    const big = model(graph(7, tensor(5, "w", "float32", [4_000_000], new Float32Array(4_000_000)), x));
    const startedAt = performance.now();
    expect(findModelProblem(big)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
