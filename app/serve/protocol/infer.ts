import * as z from "zod";
import { type Engine, EngineError } from "#serve/onnx/engine.ts";
import type { Tensor } from "#serve/onnx/tensors.ts";
import { kinds } from "./datatypes.ts";
import { HttpError } from "./http-error.ts";
import { readTensor, writeTensor } from "./tensor-json.ts";

/** Unknown keys are other extensions' and are left alone; `data` is checked against the model, element by element. */
const requestSchema = z.object({
  id: z.string().max(1_000).optional(),
  /** `ids`: an id a row, for the log of answers */
  parameters: z
    .object({
      ids: z
        .array(z.union([z.string().max(1_000), z.number()]))
        .max(1_000_000)
        .optional(),
    })
    .optional(),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.number().int().min(0)).max(32),
        datatype: z.string(),
        data: z.unknown(),
      }),
    )
    .max(1_000),
  outputs: z
    .array(z.object({ name: z.string() }))
    .max(1_000)
    .optional(),
});

export type InferResponse = {
  model_name: string;
  model_version: string;
  id?: string;
  outputs: { name: string; shape: readonly number[]; datatype: string; data: readonly (number | string | boolean)[] }[];
};

/** What a request asked, as it was understood. */
export type InferRequest = {
  id: string | readonly string[] | undefined;
  inputs: readonly { name: string; shape: readonly number[]; data: readonly unknown[] }[];
};

/** Answers one inference request, an untrusted JSON value; `onAnswer` is told of what was asked. Throws an `HttpError`. */
export async function infer(
  engine: Engine,
  model: { name: string; version: string },
  body: unknown,
  onAnswer: (request: InferRequest, response: InferResponse) => void = () => undefined,
): Promise<InferResponse> {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new HttpError(
      400,
      `The request is not as the protocol has it: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it cannot be read"}`,
    );
  }
  const { id, inputs, outputs, parameters } = parsed.data;
  const wanted =
    outputs === undefined || outputs.length === 0
      ? engine.outputs.map((output) => output.name)
      : [...new Set(outputs.map((output) => output.name))];
  const unknown = wanted.find((name) => !engine.outputs.some((output) => output.name === name));
  if (unknown !== undefined)
    throw new HttpError(400, `The model has no output "${unknown}": it has ${list(engine.outputs)}`);
  const tensors = readInputs(engine, inputs);
  const answered = await run(engine, tensors, wanted);
  const response: InferResponse = {
    model_name: model.name,
    model_version: model.version,
    ...(id === undefined ? {} : { id }),
    outputs: answered.map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape,
      datatype: kinds[tensor.type].datatype,
      data: writeTensor(tensor),
    })),
  };
  onAnswer(
    {
      id: parameters?.ids?.map(String) ?? id,
      inputs: tensors.map((tensor) => ({ name: tensor.name, shape: tensor.shape, data: writeTensor(tensor) })),
    },
    response,
  );
  return response;
}

type WrittenInput = z.infer<typeof requestSchema>["inputs"][number];

function readInputs(engine: Engine, written: readonly WrittenInput[]): readonly Tensor[] {
  const byName = new Map(written.map((input) => [input.name, input]));
  if (byName.size < written.length) throw new HttpError(400, "The request names an input twice");
  const foreign = written.find((input) => !engine.inputs.some((spec) => spec.name === input.name));
  if (foreign !== undefined)
    throw new HttpError(400, `The model has no input "${foreign.name}": it takes ${list(engine.inputs)}`);
  return engine.inputs.map((spec) => {
    const input = byName.get(spec.name);
    if (input === undefined) throw new HttpError(400, `The request lacks the input "${spec.name}"`);
    const { datatype } = kinds[spec.type];
    if (input.datatype !== datatype)
      throw new HttpError(
        400,
        `The input "${spec.name}" is sent as "${input.datatype}", the model takes "${datatype}"`,
      );
    return readTensor(spec, input.shape, input.data);
  });
}

async function run(engine: Engine, inputs: readonly Tensor[], wanted: readonly string[]): Promise<readonly Tensor[]> {
  try {
    return await engine.run(inputs, wanted);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const status = { timeout: 504, busy: 503, closed: 503, failed: 500 }[error.code];
    throw new HttpError(status, error.message, { cause: error });
  }
}

function list(specs: readonly { name: string }[]): string {
  return specs.map((spec) => `"${spec.name}"`).join(", ");
}
