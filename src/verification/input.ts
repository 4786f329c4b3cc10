import { concreteShape } from "../compiler/concrete.ts";
import type { Architecture } from "../compiler/ir.ts";
import type { Precision } from "../inspect/casts.ts";
import type { Sample } from "../reference/sample.ts";
import { roundToFloat16, widenFloat16 } from "../weights/half.ts";
import { fillNormal } from "../weights/normal.ts";
import { elementsOf } from "../weights/weights.ts";

/** A batch of random images, N(0, 1): as the reference reads it and as the model does. */
export interface RandomInput {
  readonly name: string;
  /** With the batch. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** In which the model takes it. */
  readonly type: "float32" | "float16";
  readonly samples: readonly Sample[];
}

/** `precision` is that of the model that reads it; where it computes in float16, the images are made of such numbers. */
export function randomInput(
  { input }: Architecture,
  options: { readonly batch: number; readonly seed: bigint; readonly sizes: ReadonlyMap<string, number> },
  { flow, border }: Pick<Precision, "flow" | "border"> = { flow: "float32", border: "float32" },
): RandomInput {
  const shape = concreteShape(input.activation.shape, options.sizes);
  const size = elementsOf(shape);
  const drawn = new Float32Array(options.batch * size);
  // No tensor of a network has an empty name.
  fillNormal(drawn, options.seed, "", 1);
  const data = flow === "float16" ? widenFloat16(roundToFloat16(drawn).bits) : drawn;
  const samples = Array.from({ length: options.batch }, (_, n) => {
    return { shape, data: Float64Array.from(data.subarray(n * size, (n + 1) * size)) };
  });
  return { name: input.name, shape: [options.batch, ...shape], data, type: border, samples };
}
