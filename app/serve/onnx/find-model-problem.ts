import { readFields } from "./read-fields.ts";

const runtimeDomains = new Set(["", "ai.onnx", "ai.onnx.ml", "com.microsoft"]);
const deepest = 64;

type Message = "model" | "graph" | "node" | "attribute" | "tensor" | "sparse" | "function" | "training" | "opset";

/** Which fields of which message hold messages that matter (onnx.proto). */
const children: Record<Message, Readonly<Record<number, Message>>> = {
  model: { 7: "graph", 8: "opset", 20: "training", 25: "function" },
  training: { 1: "graph", 2: "graph" },
  graph: { 1: "node", 5: "tensor", 15: "sparse" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse" },
  sparse: { 1: "tensor", 2: "tensor" },
  function: { 7: "node", 9: "opset", 11: "attribute" },
  tensor: {},
  opset: {},
};

type Seen = { external: boolean; domains: Set<string>; ownDomains: Set<string>; graphs: number };

/** `because` is half a sentence: about the bytes where they are no ONNX file, else about the file. */
export type ModelProblem = { kind: "no-onnx" | "refused"; because: string };

/**
 * Why bytes are no ONNX model that may be loaded: data kept in other files (which could be any file of this
 * machine), operators of others. Bytes are untrusted; what cannot be walked is refused.
 */
export function findModelProblem(bytes: Uint8Array): ModelProblem | undefined {
  const seen: Seen = { external: false, domains: new Set(), ownDomains: new Set(), graphs: 0 };
  try {
    walk(bytes, "model", 0, seen);
  } catch (error) {
    return { kind: "no-onnx", because: error instanceof RangeError ? error.message : "it cannot be read" };
  }
  if (seen.graphs === 0) return { kind: "no-onnx", because: "it has no graph" };
  if (seen.external)
    return { kind: "refused", because: "keeps data in other files: save it as one file, without external data" };
  const foreign = [...seen.domains].find((domain) => !runtimeDomains.has(domain) && !seen.ownDomains.has(domain));
  if (foreign === undefined) return undefined;
  const because = `uses operators of the domain "${foreign.slice(0, 100)}": only those of ONNX itself, ai.onnx.ml and com.microsoft are run`;
  return { kind: "refused", because };
}

function walk(bytes: Uint8Array, message: Message, depth: number, seen: Seen): void {
  if (depth > deepest) throw new RangeError(`it is nested deeper than ${deepest}`);
  if (message === "graph") seen.graphs += 1;
  for (const { number, value } of readFields(bytes)) {
    // data_location EXTERNAL, or any entry that says where
    if (message === "tensor" && (number === 13 || (number === 14 && value !== 0n))) seen.external = true;
    if (!(value instanceof Uint8Array)) continue;
    if ((message === "node" && number === 7) || (message === "opset" && number === 1)) seen.domains.add(textOf(value));
    if (message === "function" && number === 10) seen.ownDomains.add(textOf(value));
    const child = children[message][number];
    if (child !== undefined) walk(value, child, depth + 1, seen);
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
