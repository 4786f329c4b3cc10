import type { OpKind, OpOf, TensorRole } from "../compiler/ir.ts";
import type { TensorData } from "../weights/weights.ts";
import type { Sample } from "./sample.ts";

/** What the evaluator of an op is given besides the op itself. */
export interface Given {
  /** The shape that comes out, [c] or [c, h, w]. */
  readonly shape: readonly number[];
  /** The stored tensor of this role. Throws where the op has none. */
  tensor(role: TensorRole): TensorData;
  /** Whether the weights that a convolution standardises are given as it makes them. */
  readonly areStandardised?: boolean;
}

/** Computes one sample; what it reads of the inputs it does not change. */
export type Run = (inputs: readonly Sample[]) => Sample;

/** Prepares an op once, for all samples of a batch. */
export type Evaluator<K extends OpKind> = (op: OpOf<K>, given: Given) => Run;

/** An op of one input. */
export function onInput(run: (input: Sample) => Sample): Run {
  return ([input]) => {
    if (!input) throw new Error("an op without input");
    return run(input);
  };
}
