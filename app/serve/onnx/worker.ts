import { parentPort } from "node:worker_threads";
import { env, InferenceSession, Tensor as OnnxTensor } from "onnxruntime-web";
import { type Tensor, type TensorSpec, tensorTypes, type WorkerAnswer, type WorkerRequest } from "./tensors.ts";

// A model is untrusted and may never come to an end: it runs in this thread, in WebAssembly, which can be ended.
env.wasm.numThreads = 1;
env.logLevel = "error";

/** onnxruntime-web says "any size" for a dimension without a name in this way. */
const unnamedDimension = 2 ** 32 - 1;

let session: InferenceSession | undefined;

parentPort?.on("message", (request: WorkerRequest) => void reply(request));

async function reply(request: WorkerRequest): Promise<void> {
  parentPort?.postMessage(await answer(request));
}

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  try {
    return await work(request);
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): WorkerAnswer {
  const message = shorten(error instanceof Error ? error.message : String(error));
  // After a trap (memory, unreachable) WebAssembly's state is anybody's guess.
  return { kind: "failed", message, fatal: error instanceof Error && error.name === "RuntimeError" };
}

async function work(request: WorkerRequest): Promise<WorkerAnswer> {
  if (request.kind === "load") {
    session = await InferenceSession.create(request.bytes, { graphOptimizationLevel: "all" });
    return { kind: "loaded", inputs: session.inputMetadata.map(specOf), outputs: session.outputMetadata.map(specOf) };
  }
  if (session === undefined) throw new Error("No model is loaded");
  const feeds = Object.fromEntries(request.inputs.map((input) => [input.name, toOnnx(input)]));
  const results = await session.run(feeds, request.outputs);
  return { kind: "ran", outputs: request.outputs.map((name) => fromOnnx(name, results[name])) };
}

/** The runtime puts its own call, a code and a place in its sources in front of what it has to say. */
function shorten(message: string): string {
  const said = /ERROR_MESSAGE: (?:\S+:\d+ )?([\s\S]+)/.exec(message)?.[1];
  return said === undefined ? message : `ONNX Runtime says: ${said.replaceAll(/\s+/g, " ").trim().slice(0, 500)}`;
}

function specOf(metadata: InferenceSession.ValueMetadata): TensorSpec {
  if (!metadata.isTensor) {
    throw new Error(`"${metadata.name}" is no tensor: export the model with tensors only (scikit-learn: zipmap=False)`);
  }
  const type = tensorTypes.find((known) => known === metadata.type);
  if (type === undefined)
    throw new Error(
      `"${metadata.name}" is of the type "${metadata.type}", which is not served: export the model with float32`,
    );
  const shape = metadata.shape.map((size) =>
    typeof size === "string" || size < 0 || size === unnamedDimension ? -1 : size,
  );
  return { name: metadata.name, type, shape };
}

function toOnnx({ type, data, shape }: Tensor): OnnxTensor {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the pair was checked where the request was read; the library types each pair apart
  return new OnnxTensor(type as "float32", data as Float32Array, [...shape]);
}

function fromOnnx(name: string, tensor: OnnxTensor | undefined): Tensor {
  const type = tensorTypes.find((known) => known === tensor?.type);
  if (tensor === undefined || type === undefined) throw new Error(`The model gave no tensor "${name}"`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the known types only half floats use other arrays
  return { name, type, shape: tensor.dims, data: tensor.data as Tensor["data"] };
}
