import { type Engine, EngineError } from "./engine.ts";
import type { Tensor, TensorSpec } from "./tensors.ts";
import { makeData } from "./make-data.ts";

/**
 * Runs a model once on zeros, so that the first request does not pay for what is prepared late. False if it never came to
 * an end. A model may refuse zeros, or sizes that do not go together: that says nothing about real rows.
 */
export async function warmUp(engine: Engine): Promise<boolean> {
  try {
    await engine.run(
      engine.inputs.map(zeros),
      engine.outputs.map((output) => output.name),
    );
    return true;
  } catch (error) {
    return error instanceof EngineError && error.code !== "timeout";
  }
}

function zeros(spec: TensorSpec): Tensor {
  const shape = spec.shape.map((size) => (size === -1 ? 1 : size));
  return {
    name: spec.name,
    type: spec.type,
    shape,
    data: makeData(
      spec.type,
      shape.reduce((product, size) => product * size, 1),
    ),
  };
}
