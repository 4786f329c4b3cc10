import { concreteShape } from "../compiler/concrete.ts";
import type { Architecture } from "../compiler/ir.ts";
import type { Sample } from "../reference/sample.ts";
import { fillNormal } from "../weights/normal.ts";
import { elementsOf } from "../weights/weights.ts";

/** A batch of random images, N(0, 1): as the reference reads it and as the model does. */
export interface RandomInput {
  readonly name: string;
  /** With the batch. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly samples: readonly Sample[];
}

export function randomInput(
  { input }: Architecture,
  options: { readonly batch: number; readonly seed: bigint; readonly sizes: ReadonlyMap<string, number> },
): RandomInput {
  const shape = concreteShape(input.activation.shape, options.sizes);
  const size = elementsOf(shape);
  const data = new Float32Array(options.batch * size);
  // No tensor of a network has an empty name.
  fillNormal(data, options.seed, "", 1);
  const samples = Array.from({ length: options.batch }, (_, n) => {
    return { shape, data: Float64Array.from(data.subarray(n * size, (n + 1) * size)) };
  });
  return { name: input.name, shape: [options.batch, ...shape], data, samples };
}
